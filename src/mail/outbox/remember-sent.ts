// A relay took the message: first the ledger knows, then the outbox forgets. Until both are done it must not be sent
// again, so that where one fails, it is tried until it works.
import type { Clock } from '../../store/clock.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { Ledger } from '../ledger.ts';
import type { OutboxEntry } from './outbox.ts';

/** At once says how it went; an `unavailable` goes on in the background. `remove` is called once the ledger knows. */
export type RememberSent = (entry: OutboxEntry, remove: () => Promise<Removed>) => Promise<Removed>;

export type Removed = 'settled' | 'lost' | 'unavailable';

export interface RememberOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly problem: (problem: StoreProblem) => void;
}

/** `end` gives each that is left one last try, and resolves when all are done or given up. */
export function createRememberSent(options: RememberOptions): {
  readonly remember: RememberSent;
  readonly end: () => Promise<void>;
} {
  const stopping = new AbortController();
  const left = new Set<Promise<void>>();

  const repeat = async (once: () => Promise<Removed>, id: string) => {
    const subject = `sent message ${id}`;
    for (let wait = firstWaitMs; (await once()) === 'unavailable'; wait = Math.min(2 * wait, longestWaitMs)) {
      if (stopping.signal.aborted) return;
      await options.clock.sleep(wait, stopping.signal);
    }
    options.problem({ subject, message: undefined });
  };

  return {
    async remember(entry, remove) {
      const once = () => rememberOnce(entry, remove, options);
      const outcome = await once();
      if (outcome !== 'unavailable') return outcome;
      const going = repeat(once, entry.id);
      left.add(going);
      void going.finally(() => left.delete(going));
      return outcome;
    },
    async end() {
      stopping.abort();
      await Promise.all(left);
    },
  };
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;

async function rememberOnce(
  { id, identity, rememberUntil }: OutboxEntry,
  remove: () => Promise<Removed>,
  { ledger, problem }: RememberOptions,
): Promise<Removed> {
  const { namespace, name } = identity.subject;
  try {
    await ledger.add({ id, subject: `${namespace}/${name}`, keepUntil: rememberUntil });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    problem({ subject: `sent message ${id}`, message: `Message ${id} was sent and cannot be remembered yet: ${why}` });
    return 'unavailable';
  }
  return remove();
}
