// A relay took the message: first the ledger knows, then the outbox forgets. Until both are done it must not be sent
// again, so that where one fails, it is tried until it works.
import { errorText } from '../../api/error-text.ts';
import type { Clock } from '../../store/clock.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { Ledger } from '../ledger.ts';
import type { OutboxEntry } from './outbox.ts';

/** At once says how it went; an `unavailable` goes on in the background. `remove` is called once the ledger knows. */
export type RememberSent = (
  entry: OutboxEntry,
  remove: () => Promise<Removed>,
  /** As of `Ledger.add`. */
  onWritten?: () => void,
) => Promise<Removed>;

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
  const left = new Map<OutboxEntry, Promise<void>>();
  /** Whoever settles again while it goes on in the background is told how that ended. */
  const done = new WeakMap<OutboxEntry, Removed>();
  const news = createNews(options.problem);

  const attempt = async (entry: OutboxEntry, steps: Steps) => {
    const outcome = done.get(entry) ?? (await rememberOnce(entry, steps, { ...options, news }));
    if (outcome !== 'unavailable' && !done.has(entry)) done.set(entry, outcome);
    return done.get(entry) ?? outcome;
  };
  const repeat = async (once: () => Promise<Removed>) => {
    for (let wait = firstWaitMs; (await once()) === 'unavailable'; wait = Math.min(2 * wait, longestWaitMs)) {
      if (stopping.signal.aborted) return;
      await options.clock.sleep(wait, stopping.signal);
    }
  };

  return {
    async remember(entry, remove, onWritten) {
      const once = () => attempt(entry, { remove, onWritten });
      const outcome = await once();
      if (outcome !== 'unavailable' || left.has(entry)) return outcome;
      const going = repeat(once);
      left.set(entry, going);
      void going.finally(() => left.delete(entry));
      return outcome;
    },
    async end() {
      stopping.abort();
      await Promise.all(left.values());
    },
  };
}

const firstWaitMs = 500;
const longestWaitMs = 30_000;

interface Steps {
  readonly remove: () => Promise<Removed>;
  readonly onWritten: (() => void) | undefined;
}

async function rememberOnce(
  { id, identity, rememberUntil, tells = [] }: OutboxEntry,
  { remove, onWritten }: Steps,
  { ledger, news }: { readonly ledger: Ledger; readonly news: News },
): Promise<Removed> {
  const { namespace, name } = identity.subject;
  try {
    // First, so that whoever finds the message remembered finds these, too.
    await Promise.all(tells.map((record) => ledger.add(record)));
    await ledger.add({ id, subject: `${namespace}/${name}`, keepUntil: rememberUntil }, onWritten);
  } catch (error) {
    const why = errorText(error);
    news.failed(id, why);
    return 'unavailable';
  }
  news.remembered(id);
  return remove();
}

interface News {
  failed(id: string, why: string): void;
  remembered(id: string): void;
}

/** On a full disk it is the same for every message and every try: told once, until all are remembered. */
function createNews(problem: RememberOptions['problem']): News {
  const failing = new Set<string>();
  const subject = 'memory of what was sent';
  return {
    failed(id, why) {
      const message = `Message ${id} was sent and cannot be remembered yet: ${why}. It is tried until that works, as are others that follow.`;
      if (failing.size === 0) problem({ subject, message });
      failing.add(id);
    },
    remembered(id) {
      if (failing.delete(id) && failing.size === 0) problem({ subject, message: undefined });
    },
  };
}
