// What the parts of the spool engine share.
import type { Clock } from '../../store/clock.ts';
import type { SpoolFiles } from '../../store/spool-files.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { Ledger } from '../ledger.ts';
import type { DueIndex } from './due-index.ts';
import type { Ready } from './ready.ts';
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
  readonly index: DueIndex<SpoolExtra>;
  readonly remember: RememberSent;
  readonly ready: Ready;
}

export type SpoolBox = 'waiting' | 'dead';

export const spoolBoxes: readonly SpoolBox[] = ['waiting', 'dead'];
