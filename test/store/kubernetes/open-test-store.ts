// A Kubernetes store with everything it tells written down, stopped when the test ends.
import { onTestFinished, vi } from 'vitest';
import { keyText } from '../../../src/api/resource.ts';
import { systemClock } from '../../../src/store/clock.ts';
import type { ApiClient } from '../../../src/store/kubernetes/api-client.ts';
import { createKubernetesStore, type KubernetesStore } from '../../../src/store/kubernetes/kubernetes-store.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import type { SecretAccess } from '../../../src/store/kubernetes/reference-watches.ts';
import { type ReflectorTimings, reflectorTimings } from '../../../src/store/kubernetes/reflector.ts';
import type { StoreProblem } from '../../../src/store/store.ts';

export interface TestStore {
  readonly store: KubernetesStore;
  readonly client: ApiClient;
  /** Keys as text, in the order of waking. */
  readonly woken: string[];
  readonly problems: StoreProblem[];
  /** How many watches were opened. */
  watches(): number;
  /** Resolves with `start`. */
  readonly started: Promise<void>;
  stop(): void;
}

interface TestStoreOptions {
  readonly kubeconfig: string;
  readonly namespaces?: readonly string[];
  readonly secretAccess?: SecretAccess;
  readonly timings?: Partial<ReflectorTimings>;
}

/** Tests wait for what happens, so only the waits are shortened, never what is waited for. */
const quick = { backoff: { baseMs: 50, maxMs: 400 } };

export async function openTestStore(options: TestStoreOptions): Promise<TestStore> {
  const result = await openClient({ kubeconfig: options.kubeconfig, environment: {}, qps: 500 });
  if (result.kind === 'unusable') throw new Error(result.message);
  let watches = 0;
  const client: ApiClient = {
    ...result.client,
    open(request, signal) {
      watches += 1;
      return result.client.open(request, signal);
    },
  };
  const store = createKubernetesStore({
    client,
    namespaces: options.namespaces ?? [],
    secretAccess: options.secretAccess ?? 'Cluster',
    identity: 'relaykeeper-0',
    clock: systemClock,
    random: Math.random,
    timings: { ...reflectorTimings, ...quick, ...options.timings },
  });
  const woken: string[] = [];
  const problems: StoreProblem[] = [];
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
    client.close();
  };
  onTestFinished(stop);
  const started = store.start(
    { relayChanged: (key) => woken.push(keyText(key)), problem: (problem) => problems.push(problem) },
    stopping.signal,
  );
  return { store, client, woken, problems, watches: () => watches, started, stop };
}

/** Polls until the check no longer throws. */
export function eventually(check: () => void | Promise<void>, timeout = 20_000): Promise<void> {
  return vi.waitFor(check, { timeout, interval: 10 });
}
