// What the parts of the spool engine share.
import type { Clock } from '../../store/clock.ts';
import type { SpoolFiles } from '../../store/spool-files.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { Ledger } from '../ledger.ts';
import type { DueIndex } from './due-index.ts';
import type { Listeners } from './listeners.ts';
import type { OutboxEntry } from './outbox.ts';
import type { RememberSent } from './remember-sent.ts';

export interface SpoolExtra {
  /** Of whom it is leased to; undefined: nobody. */
  readonly lease: symbol | undefined;
  readonly revision: number;
  readonly hasBody: boolean;
}

export interface SpoolState {
  readonly files: SpoolFiles;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly problem: (problem: StoreProblem) => void;
  readonly maxMessages: number;
  readonly maxDead: number;
  readonly index: DueIndex<SpoolExtra>;
  readonly remember: RememberSent;
  /** There may be something to lease. */
  readonly ready: Listeners;
  /** What `drop` took out, and why. */
  readonly dropped: Listeners<[OutboxEntry, string]>;
}

export type SpoolBox = 'waiting' | 'dead';

/** Where messages are. */
export const messageBoxes: readonly SpoolBox[] = ['waiting', 'dead'];
/** What other processes ask for (spool-wishes.ts). */
export const wishesBox = 'wishes';
/** All that the files of a spool are opened with. */
export const spoolBoxes: readonly string[] = [...messageBoxes, wishesBox];
