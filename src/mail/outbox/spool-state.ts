// What the parts of the spool engine share.
import type { SpoolFiles } from '../../store/spool-files.ts';
import type { EngineState } from './engine-state.ts';
import type { FreshBodies } from './fresh-bodies.ts';
import type { RememberSent } from './remember-sent.ts';

export interface SpoolExtra {
  /** Of whom it is leased to; undefined: nobody. */
  readonly lease: symbol | undefined;
  readonly revision: number;
  readonly hasBody: boolean;
}

export interface SpoolState extends EngineState<SpoolExtra> {
  readonly files: SpoolFiles;
  readonly bodies: FreshBodies;
  readonly remember: RememberSent;
}

export type SpoolBox = 'waiting' | 'dead';

/** Where messages are. */
export const messageBoxes: readonly SpoolBox[] = ['waiting', 'dead'];
/** What other processes ask for (spool-wishes.ts). */
export const wishesBox = 'wishes';
/** All that the files of a spool are opened with. */
export const spoolBoxes: readonly string[] = [...messageBoxes, wishesBox];
