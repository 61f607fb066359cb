// Tries once to get or to keep a Lease.
import type { Clock } from './clock.ts';
import type { LeaseStore } from './lease.ts';
import {
  type Claimant,
  claimedRecord,
  type LeaseSighting,
  mayClaim,
  releasedRecord,
  sighting,
} from './lease-decision.ts';

export type ClaimResult =
  /** `asked` is from before the request: others count our lease from no earlier than that. */
  | { readonly kind: 'held'; readonly asked: Moment }
  | { readonly kind: 'taken'; readonly holder: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Both clocks: the monotonic one stands still while a machine is suspended, the other may be set back. */
export interface Moment {
  readonly monotonic: number;
  readonly now: number;
}

export interface LeaseClaim {
  attempt(signal: AbortSignal): Promise<ClaimResult>;
  /** Gives it back when, as far as we know, it is ours. */
  release(signal: AbortSignal): Promise<void>;
}

export interface LeaseClaimOptions extends Claimant {
  readonly leases: LeaseStore;
  readonly name: string;
  readonly clock: Clock;
}

export function createLeaseClaim(options: LeaseClaimOptions): LeaseClaim {
  const { leases, name, identity, clock } = options;
  let seen: LeaseSighting | undefined;
  const time = () => new Date(clock.now()).toISOString().replace('Z', '000Z');

  const look = async (signal: AbortSignal): Promise<ClaimResult | undefined> => {
    const read = await leases.read(name, signal);
    if (read.kind === 'failed') return read;
    seen = read.kind === 'missing' ? undefined : sighting(seen, read, clock.monotonic());
    if (mayClaim(seen, options, clock.monotonic())) return undefined;
    return { kind: 'taken', holder: seen?.record.holderIdentity ?? '' };
  };

  const write = async (signal: AbortSignal): Promise<ClaimResult | 'conflict'> => {
    const asked = { monotonic: clock.monotonic(), now: clock.now() };
    const record = claimedRecord(seen, options, time());
    const result = await leases.write(name, record, seen?.version, signal);
    if (result.kind === 'failed') return result;
    if (result.kind === 'conflict') return 'conflict';
    seen = { record, version: result.version, since: clock.monotonic() };
    return { kind: 'held', asked };
  };

  return {
    async attempt(signal) {
      // Who held it last time need not look first: a version that has changed refuses the write.
      if (seen?.record.holderIdentity === identity) {
        const renewed = await write(signal);
        if (renewed !== 'conflict') return renewed;
      }
      const taken = await look(signal);
      if (taken) return taken;
      const claimed = await write(signal);
      return claimed === 'conflict' ? { kind: 'taken', holder: '' } : claimed;
    },
    async release(signal) {
      if (seen?.record.holderIdentity !== identity) return;
      await leases.write(name, releasedRecord(seen.record, time()), seen.version, signal);
      seen = undefined;
    },
  };
}
