// Remembers which problems are open, so that each is told when it starts, changes or ends, not at every look.
import type { StoreProblem } from '../store.ts';

export interface ProblemBoard {
  /** Sets all problems (subject to message) that one source has now; those it had before and has no more, end. */
  replace(source: string, problems: ReadonlyMap<string, string>): void;
}

export function createProblemBoard(tell: (problem: StoreProblem) => void): ProblemBoard {
  const bySource = new Map<string, ReadonlyMap<string, string>>();
  const told = new Map<string, string>();

  const update = (subject: string) => {
    const messages = [...bySource.values()].flatMap((problems) => problems.get(subject) ?? []);
    const message = messages.length === 0 ? undefined : messages.join('\n');
    if (told.get(subject) === message) return;
    if (message === undefined) told.delete(subject);
    else told.set(subject, message);
    tell({ subject, message });
  };

  return {
    replace(source, problems) {
      const before = bySource.get(source) ?? new Map<string, string>();
      if (problems.size === 0) bySource.delete(source);
      else bySource.set(source, problems);
      for (const subject of new Set([...before.keys(), ...problems.keys()])) update(subject);
    },
  };
}
