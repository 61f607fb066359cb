import { expect, test } from 'vitest';
import { compactHeapOnceStarted } from '../../src/cli/compact-heap.ts';

test('what only the start took is given back, and no gc is left for others to find', () => {
  const callbacks: (() => void)[] = [];
  compactHeapOnceStarted((callback) => {
    callbacks.push(callback);
    return () => undefined;
  });
  const garbage = new WeakRef({ text: 'x'.repeat(1_000) });
  expect(callbacks).toHaveLength(1);
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    callbacks[0]?.();
    expect(garbage.deref()).toBeUndefined();
    expect('gc' in globalThis).toBe(false);
  });
});
