// Once a day the ledger forgets what nobody needs any more.
import type { Key } from '../api/resource.ts';
import { dayMilliseconds } from '../api/zone-clock.ts';
import type { AccountIndex } from './account-index.ts';
import type { PolicyDeps } from './policy-deps.ts';

type CompactDeps = Pick<PolicyDeps, 'ledger' | 'store' | 'clock' | 'log' | 'mayRemind'> & {
  readonly accounts: AccountIndex;
};

/** The first time an hour after the start: then all that exists is listed. */
const first = 3_600_000;

export function compactDaily(deps: CompactDeps, signal: AbortSignal): void {
  void repeat(deps, signal);
}

async function repeat(deps: CompactDeps, signal: AbortSignal): Promise<void> {
  for (let wait = first; !signal.aborted; wait = dayMilliseconds) {
    await deps.clock.sleep(wait, signal);
    if (!signal.aborted && deps.mayRemind()) await compact(deps);
  }
}

async function compact({ ledger, clock, log, store, accounts }: CompactDeps): Promise<void> {
  const subjectExists = (subject: string) => {
    const key = keyOf(subject);
    return accounts.get(key) !== undefined || !store.accountsComplete(key.namespace);
  };
  try {
    await ledger.compact({ now: clock.now(), subjectExists });
  } catch (error) {
    log.error(
      {},
      `the ledger could not be compacted, and will be tomorrow: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function keyOf(subject: string): Key {
  const slash = subject.indexOf('/');
  return { namespace: subject.slice(0, slash), name: subject.slice(slash + 1) };
}
