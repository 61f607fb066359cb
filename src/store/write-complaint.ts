// What a log says of a status that was not written.
import type { WriteResult } from './store.ts';

/** A clause; undefined where nothing is wrong: what is gone, or was changed meanwhile, is simply looked at again. */
export function writeComplaint(result: WriteResult): string | undefined {
  switch (result.kind) {
    case 'written':
    case 'gone':
    case 'conflict':
      return undefined;
    case 'denied':
      return `status cannot be written: the operator may not ${result.verb} ${result.resource} in namespace ${result.namespace}`;
    case 'invalid':
      return `status was refused: ${result.message}`;
    case 'unavailable':
      return `status could not be written and will be tried again: ${result.message}`;
  }
}
