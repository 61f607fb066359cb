import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFreshBodies } from '../../../src/mail/outbox/fresh-bodies.ts';

test('a body is given once', () => {
  const bodies = createFreshBodies();
  bodies.put('a', Buffer.from('Hello'));
  expect(bodies.take('a')?.toString()).toBe('Hello');
  expect(bodies.take('a')).toBeUndefined();
});

test('what does not fit is left to its file, and there is room again for what was taken', () => {
  const bodies = createFreshBodies(10);
  bodies.put('a', Buffer.alloc(6));
  bodies.put('b', Buffer.alloc(5));
  expect(bodies.take('b')).toBeUndefined();
  bodies.take('a');
  bodies.put('b', Buffer.alloc(10));
  expect(bodies.take('b')).toHaveLength(10);
});

test('however they come and go, no more is held than there is room for, and each is the one that was put', () => {
  const step = fc.record({
    put: fc.boolean(),
    id: fc.integer({ min: 0, max: 5 }),
    size: fc.integer({ min: 0, max: 8 }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const bodies = createFreshBodies(20);
      const put = new Map<string, Buffer>();
      for (const { put: isPut, id, size } of steps) {
        const name = String(id);
        if (!isPut) {
          const taken = bodies.take(name);
          if (taken) expect(taken).toBe(put.get(name));
          put.delete(name);
        } else if (!put.has(name)) {
          const raw = Buffer.alloc(size);
          bodies.put(name, raw);
          put.set(name, raw);
        }
      }
      const held = [...put.keys()].map((name) => bodies.take(name)?.length ?? 0);
      expect(held.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(20);
    }),
  );
});
