// Tells of a problem when it begins, changes or ends: who meets it looks again and again, and says each time how it is.
import type { StoreProblem } from './store.ts';

export function problemNews(tell: (problem: StoreProblem) => void): (problem: StoreProblem) => void {
  const open = new Map<string, string>();
  return (problem) => {
    const { subject, message } = problem;
    if (open.get(subject) === message) return;
    if (message === undefined) open.delete(subject);
    else open.set(subject, message);
    tell(problem);
  };
}
