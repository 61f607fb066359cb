// Lists all accounts of an API server into the policy store, in a process of its own, and sends what that took.
// Run as node --expose-gc bench/accounts/store.ts PORT.
import { systemClock } from '../../src/store/clock.ts';
import { createApiClient } from '../../src/store/kubernetes/api-client.ts';
import {
  createKubernetesPolicyStore,
  type KubernetesPolicyStore,
} from '../../src/store/kubernetes/kubernetes-policy-store.ts';
import { createRateLimit } from '../../src/store/kubernetes/rate-limit.ts';
import type { AccountFigures } from './figures.ts';

const megabyte = 1e6;

const store = createStore(Number(process.argv[2]));
const before = settledHeap();
const cpu = process.cpuUsage();
let told = 0;
await store.startPolicies(
  {
    policyChanged: () => undefined,
    accountChanged() {
      told += 1;
    },
    problem({ message }) {
      if (message !== undefined) throw new Error(message);
    },
  },
  new AbortController().signal,
);
const { user, system } = process.cpuUsage(cpu);
const figures: AccountFigures = {
  accounts: told,
  cpuMs: (user + system) / 1_000,
  // maxRSS counts kilobytes.
  peakRssMb: (process.resourceUsage().maxRSS * 1_024) / megabyte,
  heapMb: (settledHeap() - before) / megabyte,
};
process.send?.(figures, () => process.exit());

function createStore(port: number): KubernetesPolicyStore {
  const client = createApiClient({
    connection: {
      server: new URL(`http://127.0.0.1:${port}`),
      namespace: 'default',
      credentials: async () => ({ headers: {}, tls: {} }),
    },
    rateLimit: createRateLimit({ qps: 1_000, burst: 1_000, clock: systemClock }),
    clock: systemClock,
    random: Math.random,
  });
  return createKubernetesPolicyStore({
    client,
    namespaces: [],
    secretAccess: 'Cluster',
    key: Buffer.alloc(32, 1),
    identity: 'bench',
    clock: systemClock,
    random: Math.random,
  });
}

function settledHeap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
