// One run of the scenario `cluster`: so many SmtpRelays on a new control plane, and the operator as a process of its
// own, with a service account whose requests the API server's audit log counts.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Key } from '../src/api/resource.ts';
import type { SmtpRelayStatus } from '../src/api/smtp-relay.ts';
import { systemClock } from '../src/store/clock.ts';
import type { ApiClient } from '../src/store/kubernetes/api-client.ts';
import { createKubernetesStore } from '../src/store/kubernetes/kubernetes-store.ts';
import { openClient } from '../src/store/kubernetes/open-client.ts';
import type { AuditedRequest } from '../test/control-plane/audit-log.ts';
import type { Binaries } from '../test/control-plane/binaries.ts';
import { type ControlPlane, startControlPlane } from '../test/control-plane/control-plane.ts';
import { operatorRights } from '../test/end-to-end/rights.ts';
import { peakMegabytes, residentMegabytes } from './peak-memory.ts';
import type { BenchRelay } from './relay.ts';

export interface ClusterRun {
  readonly relays: number;
  readonly intervalSeconds: number;
  readonly server: BenchRelay;
  readonly binaries: Binaries;
  /** The bundle's entry. */
  readonly program: string;
  readonly qps: number;
  /** Node's own options. */
  readonly nodeOptions?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** How long the steady state is watched. */
  readonly steadyMilliseconds: number;
}

export interface ClusterFigures {
  /** From the start of the process until every relay has a verdict. */
  readonly seconds: number;
  /** The most memory that the process ever held, in MB. */
  readonly peakMegabytes: number;
  /** What it holds after the steady state was watched. */
  readonly residentMegabytes: number;
  /** Until every relay has a verdict and its Event. */
  readonly requests: readonly AuditedRequest[];
  readonly steady: readonly AuditedRequest[];
}

const namespace = 'bench';
const account = { namespace, name: 'relaykeeper' };

export async function relaysOnCluster(run: ClusterRun): Promise<ClusterFigures> {
  const cluster = await startControlPlane({ binaries: run.binaries });
  try {
    await cluster.applyCrds();
    const client = await openAdminClient(cluster);
    await prepare(client, run);
    return await measure(cluster, client, run);
  } finally {
    await cluster.stop();
  }
}

async function openAdminClient({ kubeconfigPath }: ControlPlane): Promise<ApiClient> {
  const opened = await openClient({ kubeconfig: kubeconfigPath, environment: {}, qps: 100_000 });
  if (opened.kind === 'unusable') throw new Error(opened.message);
  return opened.client;
}

/** A namespace with the CA, the login and the relays, which share both as relays of one company do. */
async function prepare(client: ApiClient, run: ClusterRun): Promise<void> {
  const { relays, server } = run;
  const core = `/api/v1/namespaces/${namespace}`;
  await create(client, '/api/v1/namespaces', { metadata: { name: namespace } });
  await create(client, `${core}/configmaps`, { metadata: { name: 'ca' }, data: { 'ca.crt': server.caPem } });
  await create(client, `${core}/secrets`, {
    metadata: { name: 'login' },
    type: 'kubernetes.io/basic-auth',
    stringData: { username: server.username, password: server.password },
  });
  const names = Array.from({ length: relays }, (_, index) => `relay-${index}`);
  const worker = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      await create(client, `/apis/relaykeeper.dev/v1alpha1/namespaces/${namespace}/smtprelays`, relay(name, run));
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function relay(name: string, { server: { port }, intervalSeconds }: ClusterRun): object {
  return {
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'SmtpRelay',
    metadata: { name },
    spec: {
      host: '127.0.0.1',
      port,
      ehloName: 'client.example.com',
      tls: { caConfigMapRef: { name: 'ca' } },
      auth: { secretRef: { name: 'login' } },
      probe: { interval: `${intervalSeconds}s` },
    },
  };
}

async function create(client: ApiClient, path: string, body: object): Promise<void> {
  const result = await client.call({ method: 'POST', path, body });
  if (result.kind !== 'ok') throw new Error(`cannot create at ${path}: ${result.message}`);
}

async function measure(cluster: ControlPlane, client: ApiClient, run: ClusterRun): Promise<ClusterFigures> {
  const kubeconfig = await cluster.kubeconfigFor({ ...account, grants: operatorRights(namespace) });
  const stop = new AbortController();
  const judged = await followVerdicts(client, run.relays, stop.signal);
  const start = performance.now();
  const operator = startOperator(kubeconfig, run);
  try {
    await Promise.race([judged.all, endsEarly(operator)]);
    const seconds = (performance.now() - start) / 1_000;
    const requests = await settledRequests(cluster);
    // By then the second round of probes is under way.
    await wait(Math.max(0, start + run.intervalSeconds * 1_000 - performance.now()));
    const begin = Date.now();
    await wait(run.steadyMilliseconds);
    const steady = (await cluster.requestsBy(account)).filter(({ at }) => at > begin);
    const [peak, resident] = await Promise.all([peakMegabytes(operator.pid), residentMegabytes(operator.pid)]);
    return { seconds, peakMegabytes: peak, residentMegabytes: resident, requests, steady };
  } finally {
    stop.abort();
    client.close();
    operator.kill('SIGTERM');
    if (operator.exitCode === null) await once(operator, 'exit');
  }
}

/** Resolves once it watches; `all` once so many relays are Ready. */
async function followVerdicts(
  client: ApiClient,
  relays: number,
  signal: AbortSignal,
): Promise<{ readonly all: Promise<void> }> {
  const all = Promise.withResolvers<void>();
  const ready = new Set<string>();
  const store = createKubernetesStore({
    client,
    namespaces: [namespace],
    secretAccess: 'Cluster',
    identity: 'bench',
    clock: systemClock,
    random: Math.random,
  });
  const relayChanged = (key: Key) => {
    if (isReady(store.get(key)?.status)) ready.add(key.name);
    if (ready.size === relays) all.resolve();
  };
  await store.start({ relayChanged, problem: () => undefined }, signal);
  return { all: all.promise };
}

function isReady(status: SmtpRelayStatus | undefined): boolean {
  return status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}

function startOperator(kubeconfig: string, { program, qps, nodeOptions = [], environment }: ClusterRun): ChildProcess {
  const access = ['--kubeconfig', kubeconfig, '--operator-namespace', namespace, '--kube-api-qps', String(qps)];
  // The server of the bench is on loopback, which a cluster denies.
  const args = [...nodeOptions, program, 'run', ...access, '--allow-local-addresses'];
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  });
}

async function endsEarly(operator: ChildProcess): Promise<never> {
  const [code] = await once(operator, 'exit');
  throw new Error(`the operator ended with ${code}`);
}

/** What was asked of the API server, once five seconds have brought nothing but lease renewals. */
async function settledRequests(cluster: ControlPlane): Promise<readonly AuditedRequest[]> {
  for (;;) {
    const before = await cluster.requestsBy(account);
    await wait(5_000);
    const requests = await cluster.requestsBy(account);
    if (!requests.slice(before.length).some(isWriteBeyondLeases)) return requests;
  }
}

export function isWriteBeyondLeases({ verb, resource }: AuditedRequest): boolean {
  return !['get', 'list', 'watch'].includes(verb) && resource !== 'leases';
}
