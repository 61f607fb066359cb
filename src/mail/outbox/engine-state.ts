// What every engine of the outbox holds, whatever it keeps messages in.
import type { Clock } from '../../store/clock.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { Ledger } from '../ledger.ts';
import { createDueIndex, type DueIndex } from './due-index.ts';
import { createListeners, type Listeners } from './listeners.ts';
import type { OutboxEntry } from './outbox.ts';

export interface EngineOptions {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Told of messages that cannot be read, and of what was sent and cannot be remembered. */
  readonly problem: (problem: StoreProblem) => void;
  /** The engine's own number when absent. */
  readonly maxMessages?: number;
  /** Beside them; a tenth of `maxMessages` when absent. Of more the oldest are dropped. */
  readonly maxDead?: number;
}

export interface EngineState<Extra> extends Required<EngineOptions> {
  readonly index: DueIndex<Extra>;
  /** There may be something to lease. */
  readonly ready: Listeners;
  /** What `drop` took out, and why. */
  readonly dropped: Listeners<[OutboxEntry, string]>;
}

export function createEngineState<Extra>(
  { ledger, clock, problem, maxMessages, maxDead }: EngineOptions,
  most: number,
): EngineState<Extra> {
  return {
    ledger,
    clock,
    problem,
    maxMessages: maxMessages ?? most,
    maxDead: maxDead ?? Math.ceil((maxMessages ?? most) / 10),
    index: createDueIndex<Extra>(),
    ready: createListeners(),
    dropped: createListeners(),
  };
}
