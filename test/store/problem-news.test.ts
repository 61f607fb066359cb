import { expect, test } from 'vitest';
import { problemNews } from '../../src/store/problem-news.ts';
import type { StoreProblem } from '../../src/store/store.ts';

const bad: StoreProblem = { subject: 'ledger', message: 'No space is left.' };
const worse: StoreProblem = { subject: 'ledger', message: 'The disk is gone.' };
const over: StoreProblem = { subject: 'ledger', message: undefined };
const other: StoreProblem = { subject: 'lock', message: 'No space is left.' };

test.each<[string, StoreProblem[], StoreProblem[]]>([
  ['what was never wrong is not told as mended', [over, over], []],
  ['a problem is told once, however often it is met', [bad, bad, bad], [bad]],
  ['one that changes is told again', [bad, worse], [bad, worse]],
  ['its end is told once', [bad, over, over], [bad, over]],
  ['one that comes back is told again', [bad, over, bad], [bad, over, bad]],
  ['another of the same words is another', [bad, other], [bad, other]],
])('%s', (_, met, told) => {
  const heard: StoreProblem[] = [];
  met.forEach(problemNews((problem) => heard.push(problem)));
  expect(heard).toEqual(told);
});
