// Tells of a problem when it begins, when it turns into another and when it is over; not at every try in between.
import type { StoreProblem } from '../store.ts';

export function tellOnce(tell: (problem: StoreProblem) => void): (problem: StoreProblem) => void {
  const told = new Map<string, string>();
  return ({ subject, message }) => {
    if (told.get(subject) === message) return;
    if (message === undefined) told.delete(subject);
    else told.set(subject, message);
    tell({ subject, message });
  };
}
