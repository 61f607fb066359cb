// With --outbox spool an operator on a cluster keeps mail, ledger and history in files, and none of it in Secrets.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { startSink } from '../policies/operating.ts';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';
import { eventually } from '../store/eventually.ts';
import { plainRelay } from './servers.ts';
import { createWorld, type World } from './world.ts';

describeWithCluster('an operator with a spool', () => {
  test('mails an account once, also after a restart, and writes no Secret of mail', async () => {
    const world = await createWorld(sharedControlPlane(), 'spool');
    const state = temporaryDirectory();
    const sink = await startSink();
    await world.apply('corporate', plainRelay(sink.port, { sender: { address: 'portal@example.com' } }));
    await applyPolicy(world);
    const args = ['--outbox', 'spool', '--state', state];
    const first = world.startOperator(args);
    await eventually('the policy runs', async () => /guests +corporate +True/.test(await world.kubectl('get', 'npol')));
    await applyAccount(world, 'anna');
    await eventually('her mail', () => sink.messages.length > 0);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(readdirSync(join(state, 'ledger'))).not.toEqual([]);
    expect(readdirSync(join(state, 'outbox', 'waiting'))).toEqual([]);

    const second = world.startOperator(args);
    await applyAccount(world, 'bert');
    await eventually('his mail', () => sink.messages.length > 1);
    await eventually('it is counted', async () =>
      /guests +corporate +True +Running +2 /.test(await world.kubectl('get', 'npol')),
    );
    second.signal('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(sink.messages).toHaveLength(2);
    const types = await world.kubectl('get', 'secrets', '-o', 'jsonpath={.items[*].type}');
    expect(types).not.toMatch(/relaykeeper\.dev\/(outbox|ledger|history)/);
    expect([first, second].flatMap(({ log }) => log.filter(({ level }) => level >= 50))).toEqual([]);
  }, 120_000);
});

function applyPolicy({ cluster, namespace }: World): Promise<void> {
  const selector = { matchLabels: { 'relaykeeper.dev/account': 'guest' } };
  return cluster.apply({
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'NotificationPolicy',
    metadata: { namespace, name: 'guests' },
    spec: { relayRef: { name: 'corporate' }, credentials: [{ name: 'guests', selector, password: 'Omit' }] },
  });
}

function applyAccount({ cluster, namespace }: World, name: string): Promise<void> {
  return cluster.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'relaykeeper.dev/account',
    metadata: { namespace, name, labels: { 'relaykeeper.dev/account': 'guest' } },
    stringData: { username: name, password: 'a', email: `${name}@example.com` },
  });
}
