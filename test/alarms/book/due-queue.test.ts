import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginGroup, emptyBook } from '../../../src/alarms/book/book-state.ts';
import { createDueQueue } from '../../../src/alarms/book/due-queue.ts';
import { ids, terms } from '../book-cases.ts';

test('gives the groups that are due in order, by what is due last said', () => {
  const change = fc.tuple(fc.nat(9), fc.nat(1_000));
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 60 }),
      fc.uniqueArray(fc.nat(9)),
      fc.nat(1_000),
      (changes, ended, now) => {
        const state = emptyBook(terms(), ids);
        const groups = Array.from({ length: 10 }, (_, job) => beginGroup(state, { job: `${job}` }, { now: 0, due: 0 }));
        const queue = createDueQueue();
        const expected = new Map<string, number>();
        for (const [index, due] of changes) {
          const group = groups[index];
          if (!group) continue;
          group.due = due;
          queue.put(group);
          expected.set(group.id, due);
        }
        for (const index of ended) {
          const group = groups[index];
          if (!group) continue;
          group.ended = true;
          expected.delete(group.id);
        }
        expect(queue.nextAt()).toBe(expected.size > 0 ? Math.min(...expected.values()) : undefined);
        const taken: string[] = [];
        for (let group = queue.take(now); group; group = queue.take(now)) {
          taken.push(group.id);
          group.due = 2_000;
        }
        const due = [...expected].filter(([, at]) => at <= now).sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
        expect(taken).toEqual(due.map(([id]) => id));
      },
    ),
  );
});
