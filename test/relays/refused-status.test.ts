// A store that refuses a status: tried again where time may help, left alone where it cannot.
import { expect, test } from 'vitest';
import { reconcileRelay } from '../../src/relays/reconcile-relay.ts';
import { runRelays } from '../../src/relays/run-relays.ts';
import { depsOn, memoryStore, newWork, theRelay } from './memory-store.ts';

test.each([
  ['that cannot be reached is asked again soon', { kind: 'unavailable', message: 'no' }, 'after'],
  [
    'that does not allow it is asked again soon',
    { kind: 'denied', verb: 'patch', resource: 's', namespace: 'n' },
    'after',
  ],
  [
    'that finds the status wrong is not asked again until something changes',
    { kind: 'invalid', message: 'no' },
    'whenWoken',
  ],
] as const)('a store %s', async (_, answer, then) => {
  expect((await reconcileRelay(theRelay, newWork(), depsOn(memoryStore({ answers: [answer] })))).kind).toBe(then);
});

test('a run that is told to end before it begins ends', async () => {
  const relays = await runRelays(depsOn(memoryStore()), AbortSignal.abort());
  await relays.ended;
  await relays.settled();
});
