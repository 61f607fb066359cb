// Policies on a cluster: an account's Secret becomes a mail, through an outbox and a ledger of Secrets.
import { expect, test } from 'vitest';
import { brokenLaws } from '../../src/api/conditions.ts';
import type { NotificationPolicy } from '../../src/api/notification-policy.ts';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { startSink } from '../policies/operating.ts';
import { eventually } from '../store/eventually.ts';
import { startOperator } from './operator.ts';
import { plainRelay } from './servers.ts';
import { allowLoopback, createWorld, type World } from './world.ts';

describeWithCluster('a policy on a cluster', () => {
  test('mails an account once, whichever of two replicas does it, and after a restart not again', async () => {
    const world = await createWorld(sharedControlPlane(), 'policies');
    const sink = await startSink();
    await world.apply('corporate', plainRelay(sink.port, { sender: { address: 'portal@example.com' } }));
    await applyPolicy(world);
    const replicas = ['first', 'second'].map((identity) => startReplica(world, identity));
    await untilPolicy(world, 'it runs', ({ conditions }) => conditions?.some(isReady) === true);
    for (const name of ['anna', 'bert']) await applyAccount(world, name);
    await eventually('both mails', () => sink.messages.length >= 2);
    const sent = await untilPolicy(
      world,
      'both are counted',
      ({ totals }) => totals?.sent === 2 && totals.pending === 0,
    );
    expect(sent.rules).toMatchObject([{ kind: 'Credentials', subjects: 2, invalid: 0, pending: 0 }]);
    expect(sent.recentDeliveries).toHaveLength(2);
    expect(await world.kubectl('get', 'npol', 'guests')).toMatch(/guests +corporate +True +Running +2 +0 +0/);
    for (const replica of replicas) replica.signal('SIGTERM');
    for (const replica of replicas) expect(await replica.ended).toBe(0);
    const secrets = await world.kubectl('get', 'secrets', '-o', 'jsonpath={.items[*].type}');
    expect(secrets).not.toContain('relaykeeper.dev/outbox');
    expect(secrets).toContain('relaykeeper.dev/ledger');

    const again = startReplica(world, 'third');
    await applyAccount(world, 'carl');
    await eventually('the mail of the new account', () => sink.messages.length >= 3);
    await untilPolicy(world, 'it is counted', ({ totals }) => totals?.sent === 3);
    expect(sink.messages).toHaveLength(3);
    again.signal('SIGTERM');
    expect(await again.ended).toBe(0);
    expect([...replicas, again].flatMap(({ log }) => log.filter(({ level }) => level >= 50))).toEqual([]);
  }, 120_000);
});

function startReplica({ kubeconfig, namespace }: World, identity: string) {
  return startOperator({ kubeconfig, namespace, args: ['-n', namespace, '--identity', identity, ...allowLoopback] });
}

function applyPolicy({ cluster, namespace }: World): Promise<void> {
  const rule = {
    name: 'guest-credentials',
    selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } },
    password: 'Omit',
  };
  return cluster.apply({
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'NotificationPolicy',
    metadata: { namespace, name: 'guests' },
    spec: { relayRef: { name: 'corporate' }, credentials: [rule] },
  });
}

function applyAccount({ cluster, namespace }: World, name: string): Promise<void> {
  return cluster.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'relaykeeper.dev/account',
    metadata: { namespace, name, labels: { 'relaykeeper.dev/account': 'guest' } },
    stringData: { username: name, password: `secret-of-${name}`, email: `${name}@example.com` },
  });
}

type Status = NonNullable<NotificationPolicy['status']>;

function untilPolicy({ kubectl }: World, what: string, holds: (status: Status) => boolean): Promise<Status> {
  return eventually(
    what,
    async () => {
      const { status = {} }: NotificationPolicy = JSON.parse(await kubectl('get', 'npol', 'guests', '-o', 'json'));
      if (status.conditions) expect(brokenLaws(status)).toEqual([]);
      return holds(status) ? status : undefined;
    },
    { within: 40_000 },
  );
}

function isReady({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'Ready' && status === 'True';
}
