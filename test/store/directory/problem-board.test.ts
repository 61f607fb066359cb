import { expect, test } from 'vitest';
import { createProblemBoard } from '../../../src/store/directory/problem-board.ts';
import type { StoreProblem } from '../../../src/store/store.ts';

test('a problem is told when it starts, changes and ends, and not in between', () => {
  const told: StoreProblem[] = [];
  const board = createProblemBoard((problem) => told.push(problem));
  board.replace('files', new Map([['a.yaml', 'is broken']]));
  board.replace('files', new Map([['a.yaml', 'is broken']]));
  board.replace('files', new Map([['a.yaml', 'is worse']]));
  board.replace('files', new Map());
  board.replace('files', new Map());
  expect(told.map(({ message }) => message)).toEqual(['is broken', 'is worse', undefined]);
});

test('what two sources say of one subject is told together, and ends with the last', () => {
  const told: StoreProblem[] = [];
  const board = createProblemBoard((problem) => told.push(problem));
  board.replace('files', new Map([['a.yaml', 'is broken']]));
  board.replace('tree', new Map([['a.yaml', 'is no file']]));
  board.replace('files', new Map());
  board.replace('tree', new Map());
  expect(told.map(({ message }) => message)).toEqual(['is broken', 'is broken\nis no file', 'is no file', undefined]);
});

test('a warning is told beside a problem of the same subject, and neither ends the other', () => {
  const told: StoreProblem[] = [];
  const board = createProblemBoard((problem) => told.push(problem));
  board.replace('files', new Map([['a.yaml', 'is broken']]));
  board.replaceWarnings('files', new Map([['a.yaml', 'is odd']]));
  board.replace('files', new Map());
  expect(told).toEqual([
    { subject: 'a.yaml', message: 'is broken' },
    { subject: 'a.yaml (warnings)', message: 'is odd', warning: true },
    { subject: 'a.yaml', message: undefined },
  ]);
});
