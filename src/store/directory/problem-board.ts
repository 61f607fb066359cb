// Remembers which problems are open, so that each is told when it starts, changes or ends, not at every look.
import type { StoreProblem } from '../store.ts';

export interface ProblemBoard {
  /** Sets all problems (subject to message) that one source has now; those it had before and has no more, end. */
  replace(source: string, problems: ReadonlyMap<string, string>): void;
  /** The same for what is only a warning; its subjects are told with ` (warnings)` behind, beside problems of the same. */
  replaceWarnings(source: string, warnings: ReadonlyMap<string, string>): void;
}

export function createProblemBoard(tell: (problem: StoreProblem) => void): ProblemBoard {
  const problems = createSources(tell);
  const warnings = createSources(({ subject, message }) =>
    tell({ subject: `${subject} (warnings)`, message, warning: true }),
  );
  return { replace: problems.replace, replaceWarnings: warnings.replace };
}

function createSources(tell: (problem: StoreProblem) => void): Pick<ProblemBoard, 'replace'> {
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
