import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../../src/alarms/alarm.ts';
import { mergeAlarm } from '../../../src/alarms/book/merge-alarm.ts';
import { alarm, minute, noon, resolved } from '../book-cases.ts';

const later = noon + minute;
const again = { startsAt: later, lastSeen: later };

describe('an alarm that is told again', () => {
  test.each<readonly [string, Alarm, Alarm, Partial<Alarm> | undefined]>([
    ['keeps its earliest beginning', alarm('a/b'), alarm('a/b', again), { startsAt: noon, lastSeen: later }],
    ['takes an earlier beginning', alarm('a/b', again), alarm('a/b'), { startsAt: noon, lastSeen: later }],
    ['keeps the greater count', alarm('a/b', { count: 7 }), alarm('a/b', { ...again, count: 3 }), { count: 7 }],
    [
      'takes new annotations',
      alarm('a/b'),
      alarm('a/b', { ...again, annotations: { summary: 'new' } }),
      { annotations: { summary: 'new' } },
    ],
    [
      'takes a later end',
      alarm('a/b', { endsAt: later }),
      alarm('a/b', { endsAt: later + minute }),
      { endsAt: later + minute },
    ],
    ['ends', alarm('a/b'), resolved('a/b', later), { state: 'Resolved', startsAt: noon, endsAt: later }],
    [
      'begins anew after its end',
      resolved('a/b', later),
      alarm('a/b', { ...again, count: 1 }),
      { state: 'Firing', startsAt: later, endsAt: undefined },
    ],
    [
      'begins anew after its end has passed',
      alarm('a/b', { endsAt: later, count: 9 }),
      alarm('a/b', again),
      { startsAt: later, count: 1 },
    ],
    [
      'goes on where its end was told too early',
      resolved('a/b', later),
      alarm('a/b', { lastSeen: later + minute }),
      { state: 'Firing', startsAt: noon },
    ],
    ['is not ended by the end of an earlier time', alarm('a/b', again), resolved('a/b', noon), undefined],
    [
      'begins anew though the clock of its sender is behind',
      resolved('a/b', later),
      alarm('a/b', { startsAt: noon + 1, lastSeen: noon + 1 }),
      { state: 'Firing' },
    ],
    ['does not begin by what was seen before its end', resolved('a/b', later), alarm('a/b'), undefined],
    ['is ended by its own source only', alarm('a/b'), resolved('a/b', later, { source: 'test' }), undefined],
  ])('%s', (_, known, told, merged) => {
    const found = mergeAlarm(known, told);
    if (merged === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(merged);
  });
});
