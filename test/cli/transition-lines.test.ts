import { expect, test } from 'vitest';
import { createTransitionLines } from '../../src/cli/transition-lines.ts';
import { now, relayOf, statusOf } from './relays.ts';

test('each change of what Ready says is told once, in one line', () => {
  const lines = createTransitionLines();
  const key = { namespace: 'mail', name: 'a' };
  const at = (status?: ReturnType<typeof statusOf>) => lines.change(key, relayOf('a', status && { status }), now);
  expect(at()).toBeUndefined();
  const failing = statusOf('False', 'HostNotFound', { message: 'no such\nhost' });
  expect(at(failing)).toBe('2026-11-24T12:00:00Z mail/a Ready=False HostNotFound: no such\\x0ahost');
  expect(at(failing)).toBeUndefined();
  expect(at(statusOf('True', 'Succeeded', { message: 'Connected' }))).toBe(
    '2026-11-24T12:00:00Z mail/a Ready=True Succeeded: Connected',
  );
  expect(lines.change(key, undefined, now)).toBe('2026-11-24T12:00:00Z mail/a Removed');
  expect(lines.change(key, undefined, now)).toBeUndefined();
});
