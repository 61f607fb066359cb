// Finds leases whose holder is gone for good. Its Lease (presence.ts) is looked at again and again: a lease that was there
// through several looks in which that did not change is free. Looks are counted and not time, so that neither a pause of
// this process nor one of the API server makes anybody absent.
import type { Clock } from '../../store/clock.ts';
import type { LeaseStore } from '../../store/lease.ts';
import type { RecordLease } from './outbox-record.ts';
import { presenceLease, presenceTimings } from './presence.ts';

export interface AbsenceOptions {
  readonly leases: LeaseStore;
  readonly clock: Clock;
  /** Those of other replicas that have not run out. */
  readonly foreign: () => readonly RecordLease[];
  readonly free: (tokens: ReadonlySet<string>) => void;
}

/** Ends some time after the signal aborts. Never rejects. */
export async function watchForAbsence(options: AbsenceOptions, signal: AbortSignal): Promise<void> {
  let sightings: Sightings = new Map();
  while (!signal.aborted) {
    await options.clock.sleep(presenceTimings.lookMs, signal);
    if (!signal.aborted) sightings = await look(sightings, options, signal);
  }
}

/** By the token of a lease. */
type Sightings = ReadonlyMap<string, Sighting>;

interface Sighting {
  /** Of its holder's Lease; undefined where there is none. */
  readonly version: string | undefined;
  /** In how many looks since the first it was the same. */
  readonly unchanged: number;
}

async function look(
  before: Sightings,
  { leases, foreign, free }: AbsenceOptions,
  signal: AbortSignal,
): Promise<Sightings> {
  const after = new Map<string, Sighting>();
  for (const [holder, theirs] of Map.groupBy(foreign(), (lease) => lease.holder)) {
    const found = await leases.read(presenceLease(holder), signal);
    // Whoever cannot look knows nothing of the time that passes.
    if (found.kind === 'failed') continue;
    const version = found.kind === 'found' ? found.version : undefined;
    for (const { token } of theirs) after.set(token, sighted(before.get(token), version));
    const gone = theirs.map(({ token }) => token).filter((token) => isAbsent(after.get(token)));
    if (gone.length > 0) free(new Set(gone));
    // What it leaves behind: a holder that lives after all makes it anew.
    if (gone.length === theirs.length) await leases.remove(presenceLease(holder), signal);
  }
  return after;
}

function sighted(before: Sighting | undefined, version: string | undefined): Sighting {
  const same = before !== undefined && before.version === version;
  return { version, unchanged: same ? before.unchanged + 1 : 0 };
}

function isAbsent(seen: Sighting | undefined): boolean {
  return seen !== undefined && seen.unchanged >= presenceTimings.looks;
}
