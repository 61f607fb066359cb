// A namespace of a real API server with a relay, a policy and accounts that come in batches, for operators that are
// processes of their own.
import { expect } from 'vitest';
import { sharedControlPlane } from '../control-plane/shared.ts';
import type { LogLine, Operator } from '../end-to-end/operator.ts';
import { plainRelay } from '../end-to-end/servers.ts';
import { createWorld, type World } from '../end-to-end/world.ts';
import { account, policy } from '../policies/operating.ts';
import { eventually } from '../store/eventually.ts';
import type { Sink } from './sink.ts';

export interface ClusterWorld {
  readonly addresses: readonly string[];
  addAccounts(count: number): Promise<void>;
  applyPolicy(spec: Record<string, unknown>): Promise<void>;
  /** A container of this name, started or started again. */
  start(identity: string): Operator;
  /** Waits until every account has its mail and the outbox is empty. */
  allArrived(within?: number): Promise<void>;
  readonly kubectl: World['kubectl'];
}

export async function clusterWorld(sink: Sink, values: Record<string, string> = {}): Promise<ClusterWorld> {
  const cluster = sharedControlPlane();
  const world = await createWorld(cluster, 'faults');
  const { namespace } = world;
  const addresses: string[] = [];
  const here = (manifest: object) => inNamespace(manifest, namespace);
  const sender = { address: 'portal@example.com' };
  await world.apply('corporate', plainRelay(sink.port, { sender, limits: { maxConnections } }));
  const waiting = async () => {
    const selector = 'relaykeeper.dev/outbox=message';
    return (await world.kubectl('get', 'secrets', '-l', selector, '-o', 'name')).split('\n').filter(Boolean).length;
  };
  return {
    addresses,
    kubectl: world.kubectl,
    async addAccounts(count) {
      const names = Array.from({ length: count }, (_, index) => `guest-${addresses.length + index}`);
      addresses.push(...names.map((name) => `${name}@example.com`));
      await cluster.apply(...names.map((name) => here(account(name, values))));
    },
    applyPolicy: (spec) => cluster.apply(here(policy(spec))),
    start: (identity) => world.startOperator(['--identity', identity]),
    async allArrived(within = 180_000) {
      const missing = () => addresses.length - sink.judge().arrived.size;
      await eventually('every mail arrives', () => missing() <= 0, { within }).catch(async (error) => {
        throw new Error(`${error.message}; ${missing()} did not arrive, ${await waiting()} wait`);
      });
      await eventually('the outbox is empty', async () => (await waiting()) === 0, { within });
    },
  };
}

export const maxConnections = 5;

/** SIGTERM, then exit code 0. */
export async function stopped(operator: Operator): Promise<void> {
  operator.signal('SIGTERM');
  expect(await operator.ended).toBe(0);
  expect(operator.log.filter(({ level }) => level >= 60)).toEqual([]);
  expect(mendedUnbroken(operator.log)).toEqual([]);
}

/** What is said to work again, though nothing was said to be wrong with it. */
function mendedUnbroken(log: readonly LogLine[]): readonly LogLine[] {
  return log.filter(({ msg, subject }, index) => {
    const before = log.slice(0, index).findLast((line) => line.subject === subject);
    return msg === 'works again' && (before === undefined || before.msg === msg);
  });
}

function inNamespace(manifest: object, namespace: string): object {
  return 'metadata' in manifest && typeof manifest.metadata === 'object'
    ? { ...manifest, metadata: { ...manifest.metadata, namespace } }
    : manifest;
}
