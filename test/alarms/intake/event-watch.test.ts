import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../../src/alarms/alarm.ts';
import { createEventWatch, type EventSource, type SeenEvent } from '../../../src/alarms/intake/event-watch.ts';

const start = Date.parse('2026-11-24T10:00:00Z');
const second = 1_000;
const minute = 60_000;
const source: EventSource = { types: ['Warning'], resolveAfter: '15m' };

let made = 0;
function event(at: number, more: Partial<SeenEvent> = {}): SeenEvent {
  made += 1;
  return {
    uid: `event-${made}`,
    namespace: 'shop',
    type: 'Warning',
    reason: 'BackOff',
    note: 'Back-off restarting failed container',
    regarding: { kind: 'Pod', namespace: 'shop', name: 'web-0' },
    reportingController: 'kubelet',
    count: 1,
    firstSeen: at,
    lastSeen: at,
    ...more,
  };
}

function watch(more: Partial<EventSource> = {}, saved?: { since: number; until: number }) {
  return createEventWatch({ source: { ...source, ...more }, fingerprint: 'Normalized', now: start, saved });
}

test('an Event is an alarm about its object', () => {
  const at = start + minute;
  expect(watch().seen(event(at), at)).toEqual({
    fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
    source: 'events',
    state: 'Firing',
    labels: {
      alertname: 'BackOff',
      reason: 'BackOff',
      namespace: 'shop',
      kind: 'Pod',
      name: 'web-0',
      severity: 'warning',
      controller: 'kubelet',
    },
    annotations: {
      summary: 'Pod web-0: Back-off restarting failed container',
      description: 'Back-off restarting failed container',
    },
    startsAt: at,
    endsAt: at + 15 * minute,
    lastSeen: at,
    count: 1,
    url: undefined,
  });
});

test.each<readonly [string, Partial<EventSource>, Partial<SeenEvent>, boolean]>([
  ['of a type that is wanted', { types: ['Normal'] }, { type: 'Normal' }, true],
  ['of another type', {}, { type: 'Normal' }, false],
  ['of a reason that is wanted', { reasons: ['Failed', 'BackOff'] }, {}, true],
  ['of another reason', { reasons: ['Failed'] }, {}, false],
  ['of a reason that is not wanted', { excludeReasons: ['BackOff'] }, {}, false],
  ['where no reasons are as good as all', { reasons: [] }, {}, true],
  ['of a kind that is wanted', { kinds: ['Pod'] }, {}, true],
  ['of another kind', { kinds: ['Node'] }, {}, false],
])('an Event %s', (_, rule, more, told) => {
  const at = start + minute;
  expect(watch(rule).seen(event(at, more), at) !== undefined).toBe(told);
});

test('what its texts have of line breaks is in no label', () => {
  const at = start + minute;
  const alarm = watch().seen(event(at, { reason: 'A\r\nBcc: x', note: 'one\r\ntwo\u0000' }), at);
  expect(alarm?.labels).toMatchObject({ alertname: 'A Bcc: x' });
  expect(alarm?.annotations).toEqual({ summary: 'Pod web-0: one two', description: 'one\ntwo' });
});

test('an object without a namespace has no label namespace', () => {
  const at = start + minute;
  const regarding = { kind: 'Node', namespace: '', name: 'node-1' };
  expect(Object.keys(watch().seen(event(at, { regarding }), at)?.labels ?? {})).not.toContain('namespace');
});

describe('counts', () => {
  test('a series that grows in place counts by what is new in it', () => {
    const rule = watch();
    const series = event(start + second);
    const counts = [1, 2, 2, 7].map((count, index) => {
      const at = start + (index + 1) * minute;
      return rule.seen({ ...series, count, lastSeen: count === 2 ? start + 2 * minute : at }, at)?.count;
    });
    // The third time nothing is new: it is listed once more.
    expect(counts).toEqual([1, 2, undefined, 7]);
  });

  test('several Events of one cause count together, whatever numbers are in their notes', () => {
    const rule = watch();
    const notes = ['timeout after 30s (id 4f2a91c3)', 'timeout after 31s (id 9b1c77e0)', 'disk full'];
    const [one, two, other] = notes.map((note, index) => {
      const at = start + (index + 1) * minute;
      return rule.seen(event(at, { note }), at);
    });
    expect(two?.fingerprint).toBe(one?.fingerprint);
    expect(two).toMatchObject({ count: 2, startsAt: start + minute, lastSeen: start + 2 * minute });
    expect(other?.fingerprint).not.toBe(one?.fingerprint);
    expect(other?.count).toBe(1);
  });

  test('one that comes again after it was over begins anew', () => {
    const rule = watch();
    const [first, again] = [minute, 20 * minute].map((after) => rule.seen(event(start + after), start + after));
    expect(first?.endsAt).toBe(start + 16 * minute);
    expect(again).toMatchObject({ startsAt: start + 20 * minute, count: 1, fingerprint: first?.fingerprint });
  });

  test('an Event of a clock that is ahead happened now', () => {
    const now = start + minute;
    expect(watch().seen(event(start + 60 * minute), now)).toMatchObject({ startsAt: now, lastSeen: now });
  });
});

describe('after: so often in that time', () => {
  const after = { times: 3, within: '10m' };
  /** Minutes at which an Event comes, and those of them at which it is told. */
  test.each<readonly [string, readonly number[], readonly number[]]>([
    ['it is told from the third on', [1, 2, 3, 4], [3, 4]],
    ['it is not told where it is too rare', [1, 7, 13, 19, 25], []],
    ['it is told once it has become often enough', [1, 12, 18, 20, 21], [20, 21]],
    ['it goes on until it is over, however rare', [1, 2, 3, 14, 28, 42], [3, 14, 28, 42]],
    ['and begins anew after that', [1, 2, 3, 20, 21, 22], [3, 22]],
  ])('%s', (_, minutes, told) => {
    const rule = watch({ after });
    const seen = minutes.filter((at) => rule.seen(event(start + at * minute), start + at * minute) !== undefined);
    expect(seen).toEqual(told);
  });

  test('a series is told once its count has grown enough', () => {
    const rule = watch({ after });
    const series = event(start + second);
    const told = [1, 2, 3].map((count) => {
      const at = start + count * minute;
      return rule.seen({ ...series, count, lastSeen: at }, at)?.count;
    });
    expect(told).toEqual([undefined, undefined, 3]);
  });

  test('a series that grew slowly is not told for its total', () => {
    const rule = watch({ after });
    const from = start + minute;
    const at = start + 101 * minute;
    // 11 in 100 minutes: one in ten.
    expect(rule.seen(event(at, { count: 11, firstSeen: from }), at)).toBeUndefined();
  });

  test('many at once are told', () => {
    const at = start + 5 * minute;
    expect(
      watch({ after: { times: 1000, within: '10m' } }).seen(event(at, { count: 2000, firstSeen: start + minute }), at),
    ).toMatchObject({ count: 2000 });
  });

  test('whatever the order and size of the bouts, all are counted and none twice', () => {
    const bouts = fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 5 * minute })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(bouts, (list) => {
        const rule = watch();
        const series = event(start + 1);
        let [at, count] = [start + 1, 0];
        let last: Alarm | undefined;
        for (const [more, later] of list) {
          at += later;
          count += more;
          last = rule.seen({ ...series, count, lastSeen: at }, at);
        }
        expect(last?.count).toBe(count);
        expect(last?.lastSeen).toBe(at);
      }),
    );
  });
});

describe('a beginning', () => {
  test('what happened before the rule is not told, and what happens after it is', () => {
    const rule = watch();
    const old = event(start - 10 * minute, { count: 5, firstSeen: start - 60 * minute });
    expect(rule.seen(old, start + second)).toBeUndefined();
    expect(rule.seen({ ...old, count: 6, lastSeen: start + minute }, start + minute)).toMatchObject({
      count: 1,
      startsAt: start + minute,
    });
  });

  test('of a series that goes on only what is after the rule counts', () => {
    const at = start + 10 * minute;
    const count = watch().seen(event(at, { count: 20, firstSeen: start - 10 * minute }), at)?.count ?? 0;
    expect(Math.abs(count - 10)).toBeLessThanOrEqual(1);
  });

  test('a successor tells what happened while nobody looked, and little again', () => {
    const before = watch();
    const told = event(start + minute);
    before.seen(told, start + minute);
    const saved = { ...before.saved(), until: start + 20 * minute };
    const missed = event(start + 22 * minute, { note: 'missed' });
    const after = createEventWatch({ source, fingerprint: 'Normalized', now: start + 30 * minute, saved });
    const heard = [told, missed].map((one) => after.seen(one, start + 30 * minute)?.annotations.description);
    expect(heard).toEqual([undefined, 'missed']);
    expect(after.saved()).toEqual({ since: start, until: start + 30 * minute });
  });

  test('a successor counts on where the one before had not told yet', () => {
    const after = { times: 3, within: '10m' };
    const before = watch({ after });
    const early = [1, 2].map((at) => event(start + at * minute));
    expect(early.map((one) => before.seen(one, one.lastSeen))).toEqual([undefined, undefined]);
    const next = createEventWatch({
      source: { ...source, after },
      fingerprint: 'Normalized',
      now: start + 3 * minute,
      saved: before.saved(),
    });
    for (const one of early) next.seen(one, start + 3 * minute);
    expect(next.seen(event(start + 4 * minute), start + 4 * minute)).toMatchObject({
      count: 3,
      startsAt: start + minute,
    });
  });
});

test('of a storm a bounded number is remembered', { timeout: 60_000 }, () => {
  const rule = watch();
  const regarding = (n: number) => ({ kind: 'Pod', namespace: 'shop', name: `web-${n}` });
  const at = start + minute;
  const first = event(at, { regarding: regarding(0) });
  rule.seen(first, at);
  for (let n = 1; n <= 50_000; n += 1) rule.seen(event(at, { regarding: regarding(n) }), at);
  // It is forgotten, and counts as new.
  expect(rule.seen(first, at)).toMatchObject({ count: 1 });
});
