// Gives back the memory that only the start took: parsed sources, compiled schemas, first lists. V8 would keep it, since a
// program that does next to nothing gives it no cause to collect.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SetTimer } from '../relays/timer.ts';

/** By then relays have their first verdicts; nobody waits for this. */
const afterStart = 10_000;

/** Once, as a pause of 50 to 250 milliseconds; what it gives cancels that. */
export function compactHeapOnceStarted(setTimer: SetTimer): () => void {
  return setTimer(compactHeap, afterStart);
}

/** `gc` is to be had without a flag of Node's, and is taken off again: no other code is to find it. */
function compactHeap(): void {
  setFlagsFromString('--expose-gc');
  const collect: (options: { type: string; execution: string; flavor: string }) => void = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  // The only flavour that also shrinks the young generation.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
