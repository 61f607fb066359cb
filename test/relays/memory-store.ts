// A store in memory with one relay, whose port cannot be: what is written of it can be told without a probe.
import type { SmtpRelayStatus } from '../../src/api/smtp-relay.ts';
import { createLoginGuard } from '../../src/relays/login-guard.ts';
import type { RelayWork } from '../../src/relays/reconcile-relay.ts';
import type { RelayDeps } from '../../src/relays/relay-deps.ts';
import { systemTimer } from '../../src/relays/timer.ts';
import type { Store, StoredRelay, TransitionEvent, WriteResult } from '../../src/store/store.ts';
import { noTokens } from '../smtp/probing.ts';

export const theRelay = { namespace: 'mail', name: 'relay', uid: 'u', generation: 1, resourceVersion: '1' };

export interface MemoryStore extends Store {
  /** As somebody else would. */
  overwrite(status: SmtpRelayStatus): void;
  status(): SmtpRelayStatus | undefined;
  writes(): number;
  readonly events: readonly TransitionEvent[];
}

/** Answers writes with these, one after the other, then takes every one. */
export function memoryStore({ answers = [] }: { readonly answers?: readonly WriteResult[] } = {}): MemoryStore {
  const left = [...answers];
  const events: TransitionEvent[] = [];
  let status: SmtpRelayStatus | undefined;
  let writes = 0;
  const spec = { host: 'a', port: 0 };
  const manifest = { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'SmtpRelay', metadata: theRelay, spec };
  const relay = (): StoredRelay => ({ metadata: theRelay, manifest, status });
  return {
    events,
    overwrite: (other) => {
      status = other;
    },
    status: () => status,
    writes: () => writes,
    start: () => Promise.resolve(),
    list: () => [theRelay],
    get: relay,
    follow: () => undefined,
    read: () => Promise.resolve({ kind: 'missing' }),
    async writeStatus(_, next) {
      writes += 1;
      const answer = left.shift() ?? { kind: 'written' };
      // Like a store elsewhere: what comes back is equal, not the same.
      if (answer.kind === 'written') status = structuredClone(next);
      return answer;
    },
    async record(event) {
      events.push(event);
    },
  };
}

export function depsOn(store: Store, now: () => number = () => Date.parse('2026-11-24T10:00:00Z')): RelayDeps {
  return {
    store,
    now,
    probe: () => Promise.reject(new Error('it must not be probed')),
    tokens: noTokens,
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
    setTimer: systemTimer,
    random: () => 0.5,
    mayAct: () => true,
    recall: true,
  };
}

export function newWork(): RelayWork {
  return {
    memories: new Map(),
    guard: createLoginGuard(),
    signal: new AbortController().signal,
    yieldSlot: () => undefined,
    changed: () => undefined,
  };
}
