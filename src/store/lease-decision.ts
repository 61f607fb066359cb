// May we claim a Lease, and what do we write then? Pure. The record's own times are never compared with our clock: what
// counts is how long we ourselves have seen no change in it, so clocks that disagree do no harm.
import type { LeaseRecord } from './lease.ts';

/** A Lease as last seen. */
export interface LeaseSighting {
  readonly record: LeaseRecord;
  readonly version: string;
  /** By the monotonic clock: when it was first seen in this form. */
  readonly since: number;
}

export interface Claimant {
  readonly identity: string;
  readonly leaseDurationMs: number;
}

/** Nobody's, ours, or held by one who has not been heard of for a whole lease. */
export function mayClaim(seen: LeaseSighting | undefined, { identity }: Claimant, monotonic: number): boolean {
  if (!seen || seen.record.holderIdentity === '' || seen.record.holderIdentity === identity) return true;
  return monotonic - seen.since >= seen.record.leaseDurationSeconds * 1_000;
}

/** `time` is RFC 3339 with microseconds. */
export function claimedRecord(seen: LeaseSighting | undefined, claimant: Claimant, time: string): LeaseRecord {
  const before = seen?.record;
  const kept = before?.holderIdentity === claimant.identity;
  return {
    holderIdentity: claimant.identity,
    leaseDurationSeconds: Math.ceil(claimant.leaseDurationMs / 1_000),
    acquireTime: kept ? before.acquireTime : time,
    renewTime: time,
    leaseTransitions: (before?.leaseTransitions ?? 0) + (kept || !before ? 0 : 1),
  };
}

/** With one second to live, for readers that know no empty holder. */
export function releasedRecord(record: LeaseRecord, time: string): LeaseRecord {
  return { ...record, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: time, renewTime: time };
}

/** The same Lease as before, seen since then; or another or changed one, seen from now on. */
export function sighting(
  before: LeaseSighting | undefined,
  found: { readonly record: LeaseRecord; readonly version: string },
  monotonic: number,
): LeaseSighting {
  const unchanged = before !== undefined && before.version === found.version;
  return { ...found, since: unchanged ? before.since : monotonic };
}
