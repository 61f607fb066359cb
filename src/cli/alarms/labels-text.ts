// Labels on one line, sorted.
import { printable } from '../../api/fit-status.ts';
import type { Labels } from '../../api/label-matcher.ts';

export function labelsText(labels: Labels): string {
  const pairs = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return printable(pairs.map(([name, value]) => `${name}=${value}`).join(' '));
}
