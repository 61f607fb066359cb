// The status is this program's to write: what others write over it is put right, without a quarrel without end.
import { expect, test } from 'vitest';
import type { SmtpRelayStatus } from '../../src/api/smtp-relay.ts';
import { reconcileRelay } from '../../src/relays/reconcile-relay.ts';
import { depsOn, memoryStore, newWork, theRelay } from './memory-store.ts';

/** Ready's message has a word more. */
function forged(status: SmtpRelayStatus | undefined): SmtpRelayStatus {
  const conditions = (status?.conditions ?? []).map((condition) =>
    condition.type === 'Ready' ? { ...condition, message: `${condition.message} perhaps` } : condition,
  );
  return { ...status, conditions };
}

test('a single word that somebody else wrote is put right', async () => {
  const [store, work] = [memoryStore(), newWork()];
  const deps = depsOn(store);
  await reconcileRelay(theRelay, work, deps);
  const right = store.status();
  store.overwrite(forged(right));
  await reconcileRelay(theRelay, work, deps);
  expect(store.status()).toEqual(right);
  expect(store.events).toHaveLength(1);
});

test('somebody who writes it again and again is answered every ten seconds, not every time', async () => {
  const [store, work] = [memoryStore(), newWork()];
  let now = Date.parse('2026-11-24T10:00:00Z');
  const deps = depsOn(store, () => now);
  await reconcileRelay(theRelay, work, deps);
  const right = store.status();
  for (let turn = 0; turn < 100; turn += 1) {
    store.overwrite(turn % 2 ? forged(right) : {});
    await reconcileRelay(theRelay, work, deps);
  }
  expect(store.writes()).toBe(2);
  const next = await reconcileRelay(theRelay, work, deps);
  expect(next).toEqual({ kind: 'after', milliseconds: 10_000 });
  now += 10_000;
  await reconcileRelay(theRelay, work, deps);
  expect(store.status()).toEqual(right);
});

test('a transition whose write failed at first is told once it is written', async () => {
  const store = memoryStore({ answers: [{ kind: 'unavailable', message: 'the API server is down' }] });
  const work = newWork();
  await reconcileRelay(theRelay, work, depsOn(store));
  expect(store.events).toEqual([]);
  await reconcileRelay(theRelay, work, depsOn(store));
  await reconcileRelay(theRelay, work, depsOn(store));
  expect(store.events.map(({ reason }) => reason)).toEqual(['SchemaInvalid']);
});
