import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSettling } from '../../../src/store/directory/settling.ts';

const times = { restMs: 100, longestMs: 500 };
const path = 'relay.yaml';

describe('a changed file is taken when it rests', () => {
  test('a new file is not taken before it rested, and then once', () => {
    const settling = createSettling(times);
    settling.observe(path, 'one', 0);
    expect(settling.take(99)).toEqual([]);
    expect(settling.nextRest()).toBe(100);
    expect(settling.take(100)).toEqual([{ path, stamp: 'one' }]);
    expect(settling.take(1000)).toEqual([]);
    expect(settling.nextRest()).toBeUndefined();
  });

  test('each further change starts the rest anew', () => {
    const settling = createSettling(times);
    settling.observe(path, 'half', 0);
    settling.observe(path, 'whole', 90);
    expect(settling.take(150)).toEqual([]);
    expect(settling.take(190)).toEqual([{ path, stamp: 'whole' }]);
  });

  test('looking again at the same stamp does not prolong the rest', () => {
    const settling = createSettling(times);
    settling.observe(path, 'one', 0);
    settling.observe(path, 'one', 80);
    expect(settling.take(100)).toEqual([{ path, stamp: 'one' }]);
  });

  test('a file that never rests is taken as it is after the longest wait', () => {
    const settling = createSettling(times);
    for (let now = 0; now < 500; now += 50) settling.observe(path, `version ${now}`, now);
    expect(settling.take(499)).toEqual([]);
    expect(settling.take(500)).toEqual([{ path, stamp: 'version 450' }]);
  });

  test('a file gone for a moment, as when an editor replaces it, was never gone', () => {
    const settling = createSettling(times);
    settling.observe(path, 'one', 0);
    settling.take(100);
    settling.observe(path, undefined, 200);
    settling.observe(path, 'one', 250);
    expect(settling.take(1000)).toEqual([]);
  });

  test('a file that was assumed and is not there is told as gone, one that is there as changed', () => {
    const settling = createSettling(times);
    settling.assume('gone.yaml');
    settling.assume(path);
    settling.observe('gone.yaml', undefined, 0);
    settling.observe(path, 'one', 0);
    expect(settling.take(100)).toEqual([
      { path: 'gone.yaml', stamp: undefined },
      { path, stamp: 'one' },
    ]);
  });

  test('a file gone for good is told as gone, and is then unknown', () => {
    const settling = createSettling(times);
    settling.observe(path, 'one', 0);
    settling.take(100);
    settling.observe(path, undefined, 200);
    expect(settling.take(300)).toEqual([{ path, stamp: undefined }]);
    expect([...settling.known()]).toEqual([]);
  });
});

test('whatever was seen, what was taken last is what was seen last once all rests, and nothing is taken twice', () => {
  const look = fc.record({
    path: fc.constantFrom('a.yaml', 'b.yaml', 'c.yaml'),
    stamp: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
    wait: fc.integer({ min: 0, max: 300 }),
    take: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 60 }), (looks) => {
      const settling = createSettling(times);
      const seen = new Map<string, string>();
      const taken = new Map<string, string>();
      let now = 0;
      const take = () => {
        for (const { path, stamp } of settling.take(now)) {
          expect(taken.get(path)).not.toBe(stamp);
          if (stamp === undefined) taken.delete(path);
          else taken.set(path, stamp);
        }
      };
      for (const { path, stamp, wait, take: doTake } of looks) {
        now += wait;
        settling.observe(path, stamp, now);
        if (stamp === undefined) seen.delete(path);
        else seen.set(path, stamp);
        if (doTake) take();
      }
      now += times.restMs;
      take();
      expect(taken).toEqual(seen);
    }),
  );
});
