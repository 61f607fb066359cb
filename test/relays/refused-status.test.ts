// A store that refuses a status: tried again where time may help, left alone where it cannot.
import { expect, test } from 'vitest';
import { createLoginGuard } from '../../src/relays/login-guard.ts';
import { reconcileRelay } from '../../src/relays/reconcile-relay.ts';
import type { RelayDeps } from '../../src/relays/relay-deps.ts';
import { runRelays } from '../../src/relays/run-relays.ts';
import type { StoredRelay, WriteResult } from '../../src/store/store.ts';

const metadata = { namespace: 'mail', name: 'relay', uid: 'u', generation: 1, resourceVersion: '1' };

/** A relay with a port that cannot be, in a store that answers every write with this. */
function depsWith(answer: WriteResult): RelayDeps {
  const relay: StoredRelay = {
    metadata,
    manifest: { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'SmtpRelay', metadata, spec: { host: 'a', port: 0 } },
    status: undefined,
  };
  return {
    store: {
      start: () => Promise.resolve(),
      list: () => [metadata],
      get: () => relay,
      follow: () => undefined,
      read: () => Promise.resolve({ kind: 'missing' }),
      writeStatus: () => Promise.resolve(answer),
      record: () => Promise.resolve(),
    },
    probe: () => Promise.reject(new Error('it must not be probed')),
    tokens: () => Promise.reject(new Error('no token is needed')),
    settings: {
      concurrentProbes: 1,
      statusHeartbeat: 900_000,
      ehloName: undefined,
      hostName: undefined,
      deniedCidrs: [],
      allowedRelayHosts: [],
      allowedTokenHosts: [],
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => Date.parse('2026-11-24T10:00:00Z'),
    random: () => 0.5,
    mayAct: () => true,
  };
}

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
  const work = {
    memories: new Map(),
    guard: createLoginGuard(),
    signal: new AbortController().signal,
    yieldSlot: () => undefined,
  };
  expect((await reconcileRelay(metadata, work, depsWith(answer))).kind).toBe(then);
});

test('a run that is told to end before it begins ends', async () => {
  const relays = await runRelays(depsWith({ kind: 'written' }), AbortSignal.abort());
  await relays.ended;
  await relays.settled();
});
