// Once a day the ledger forgets what nobody needs any more: reminders of what ended long ago, and accounts that are gone.
// The delivery history lets go what is older than it is kept.
//
// An account that another replica has just mailed may not be listed here yet, and what it was sent must not be forgotten:
// one counts as gone only where it was missing an hour before, too.
import { keyFromText } from '../api/resource.ts';
import { dayMilliseconds } from '../api/zone-clock.ts';
import type { AccountIndex } from './account-index.ts';
import type { PolicyDeps } from './policy-deps.ts';

export type CompactDeps = Pick<PolicyDeps, 'ledger' | 'history' | 'store' | 'clock' | 'log' | 'mayRemind'> & {
  readonly accounts: Pick<AccountIndex, 'get'>;
};

/** The first time so long after the start: then all that exists is listed. And how long apart the two looks are. */
const hour = 3_600_000;

/** Only where this replica is the one that reminds: two would write each other's segments anew. */
export function compactDaily(deps: CompactDeps, signal: AbortSignal): void {
  void repeat(deps, signal);
}

async function repeat(deps: CompactDeps, signal: AbortSignal): Promise<void> {
  for (let wait = hour; !signal.aborted; wait = dayMilliseconds - hour) {
    const missing = await lookAfter(wait, new Set(), { deps, signal });
    await lookAfter(hour, missing, { deps, signal });
  }
}

interface Looking {
  readonly deps: CompactDeps;
  readonly signal: AbortSignal;
}

/** Gives the subjects that are missing. */
async function lookAfter(
  wait: number,
  missingBefore: ReadonlySet<string>,
  { deps, signal }: Looking,
): Promise<ReadonlySet<string>> {
  await deps.clock.sleep(wait, signal);
  if (signal.aborted || !deps.mayRemind()) return new Set();
  return compact(missingBefore, deps);
}

async function compact(
  missingBefore: ReadonlySet<string>,
  { ledger, history, clock, log, store, accounts }: CompactDeps,
): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  const subjectExists = (subject: string) => {
    const key = keyFromText(subject);
    if (accounts.get(key) !== undefined || !store.accountsComplete(key.namespace)) return true;
    missing.add(subject);
    return !missingBefore.has(subject);
  };
  await history.tidy();
  try {
    await ledger.compact({ now: clock.now(), subjectExists });
  } catch (error) {
    log.error(
      {},
      `the ledger could not be compacted, and will be tomorrow: ${error instanceof Error ? error.message : error}`,
    );
  }
  return missing;
}
