// Problems of a store that a command meets: what was not seen is told beside what was.
import { printable } from '../api/fit-status.ts';
import type { StoreProblem } from '../store/store.ts';
import type { Io } from './io.ts';

export interface ToldProblems {
  readonly note: (problem: StoreProblem) => void;
  /** A line each on standard error, once. */
  tell(io: Pick<Io, 'stderr'>): void;
}

export function createToldProblems(): ToldProblems {
  const problems = new Map<string, string>();
  return {
    note({ subject, message }) {
      if (message === undefined) problems.delete(subject);
      else problems.set(subject, message);
    },
    tell({ stderr }) {
      for (const message of problems.values()) stderr.write(`warning: ${printable(message)}\n`);
      problems.clear();
    },
  };
}
