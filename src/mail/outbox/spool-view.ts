// The spool as others see it while a process may hold it: reads, changes nothing. Leases are in the memory of the holder
// alone, so that a message that is just being tried shows as waiting.
import type { SpoolFiles } from '../../store/spool-files.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { Outbox } from './outbox.ts';
import { rawOf } from './spool-file.ts';
import { entryIn, findSpooled } from './spool-scan.ts';
import { messageBoxes } from './spool-state.ts';

export type SpoolView = Pick<Outbox, 'list' | 'read'>;

export interface SpoolViewOptions {
  readonly files: Pick<SpoolFiles, 'scan' | 'read'>;
  /** Told of damaged files. */
  readonly problem: (problem: StoreProblem) => void;
}

export function viewSpool(options: SpoolViewOptions): SpoolView {
  return {
    async list() {
      const { messages } = await findSpooled(options);
      return messages.map(entryIn);
    },
    async read(id) {
      for (const box of messageBoxes) {
        const file = await options.files.read(box, id);
        const raw = file.kind === 'found' ? rawOf(file.bytes) : undefined;
        if (raw) return raw;
      }
      return undefined;
    },
  };
}
