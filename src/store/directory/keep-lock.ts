// Holds the lock as long as the store is open: touched now and then, released at the end.
import { ioWords } from './io-words.ts';
import type { ProblemBoard } from './problem-board.ts';
import type { StateLock } from './state-lock.ts';

/** A lock counts as left behind after a minute (state-lock.ts). */
const touchMs = 15_000;

export interface KeptLock {
  readonly lock: StateLock;
  readonly stateDirectory: string;
  readonly board: ProblemBoard;
}

export function keepLock({ lock, stateDirectory, board }: KeptLock, signal: AbortSignal): void {
  const touch = async () => {
    try {
      await lock.touch();
      board.replace('lock', new Map());
    } catch (error) {
      const message = `The lock in ${stateDirectory} cannot be renewed: ${ioWords(error)}.`;
      board.replace('lock', new Map([['lock', message]]));
    }
  };
  const timer = setInterval(() => void touch(), touchMs);
  const end = () => {
    clearInterval(timer);
    lock.release();
  };
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
}
