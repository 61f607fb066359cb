// Runs the relays of a store until the signal aborts: wakes, queues, reconciles, and looks again when due.
import { type Key, keyText } from '../api/resource.ts';
import type { StoreProblem } from '../store/store.ts';
import { createLoginGuard } from './login-guard.ts';
import { type Requeue, reconcileRelay } from './reconcile-relay.ts';
import type { RelayDeps } from './relay-deps.ts';
import type { Memories } from './relay-memory.ts';
import type { RelayView } from './relay-meter.ts';
import { endStaleProbe } from './stale-probe.ts';
import { createWorkQueue } from './work-queue.ts';

export interface RelayRun {
  /** Resolves once every relay was looked at and nothing is under way. */
  readonly settled: () => Promise<void>;
  /** All relays, as this process knows them now. */
  readonly views: () => readonly RelayView[];
  /** Resolves once all work has ended after the signal aborted. */
  readonly ended: Promise<void>;
}

export interface RelayObserver {
  /** A relay, or its status, may have changed. */
  readonly onChange?: (key: Key) => void;
  readonly onProblem?: (problem: StoreProblem) => void;
}

/** How soon a relay is looked at again after a bug in this program stopped its reconcile. */
const bugRetry = 60_000;

/** Resolves once the store has given its first list. */
export async function runRelays(deps: RelayDeps, signal: AbortSignal, observer: RelayObserver = {}): Promise<RelayRun> {
  const memories: Memories = new Map();
  const guard = deps.logins ?? createLoginGuard();
  const keys = new Map<string, Key>();
  const queue = createWorkQueue({ slots: deps.settings.concurrentProbes, work, setTimer: deps.setTimer });

  async function work(id: string, yieldSlot: () => void): Promise<void> {
    const key = keys.get(id);
    if (!key) return;
    const changed = () => observer.onChange?.(key);
    const end = deps.meter?.reconcile();
    try {
      requeue(key, await reconcileRelay(key, { memories, guard, signal, yieldSlot, changed }, deps));
      end?.('done');
      changed();
    } catch (error) {
      end?.('bug');
      tellBug(id, error);
      queue.addAfter(id, bugRetry);
    }
  }

  /** One relay's bug must not end the others. */
  function tellBug(id: string, error: unknown): void {
    const text = error instanceof Error ? error.stack : String(error);
    deps.log.error({ relay: id, error: text }, 'a bug stopped the reconcile of this relay');
  }

  function requeue(key: Key, next: Requeue): void {
    const id = keyText(key);
    if (next.kind === 'after') queue.addAfter(id, next.milliseconds);
    // It may have been created anew meanwhile; then the queue knows, and works on it again.
    if (next.kind === 'forget' && !deps.store.get(key)) {
      keys.delete(id);
      queue.forget(id);
    }
  }

  function relayChanged(key: Key): void {
    const id = keyText(key);
    keys.set(id, key);
    endStaleProbe(memories.get(id)?.underWay, deps.store.get(key), deps.store).catch((error) => tellBug(id, error));
    queue.add(id);
  }

  const ended = new Promise<void>((resolve) => {
    const stop = () => resolve(queue.stop());
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  await deps.store.start({ relayChanged, problem: (problem) => observer.onProblem?.(problem) }, signal);
  for (const key of deps.store.list()) relayChanged(key);
  const views = () =>
    deps.store
      .list()
      .map((key) => ({ key, status: memories.get(keyText(key))?.status ?? deps.store.get(key)?.status }));
  return { settled: queue.idle, views, ended };
}
