// The commands about notifications on a real cluster, with an outbox and a ledger as an operator leaves them.
import { describe, expect, onTestFinished, test } from 'vitest';
import { messageId } from '../../src/mail/identity.ts';
import type { OutboxMessage, Settlement } from '../../src/mail/outbox/outbox.ts';
import { systemClock } from '../../src/store/clock.ts';
import { account, credentialsRule, encryptedRelay, inDays, policy, reminderRule } from '../cli/notification-world.ts';
import type { Grant } from '../control-plane/access.ts';
import { run } from '../control-plane/run.ts';
import { bundledProgram, describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { attempt, confidential, message, password } from '../mail/outbox/messages.ts';
import { openTestReplica } from '../mail/outbox/open-test-kubernetes.ts';

const of = (namespace: string, ...objects: readonly object[]) =>
  objects.map((object) => ({
    ...object,
    metadata: { ...('metadata' in object ? Object(object.metadata) : {}), namespace },
  }));

describeWithCluster('commands about notifications', () => {
  const cluster = sharedControlPlane();

  async function world(...objects: readonly object[]) {
    const namespace = await cluster.createNamespace('commands');
    const operator = await cluster.createNamespace('operator');
    if (objects.length > 0) await cluster.apply(...of(namespace, ...objects));
    const replica = await openTestReplica({
      kubeconfig: cluster.kubeconfigPath,
      namespace: operator,
      identity: 'relaykeeper-0',
      clock: systemClock,
    });
    onTestFinished(() => replica.outbox.close());
    return {
      namespace,
      outbox: replica.outbox,
      inNamespace: (one: OutboxMessage): OutboxMessage => ({
        ...one,
        deliverBy: Date.now() + 3_600_000,
        acceptedAt: Date.now(),
      }),
      run: (...args: readonly string[]) =>
        run(
          process.execPath,
          [bundledProgram().program, ...args, '--kubeconfig', cluster.kubeconfigPath, '--operator-namespace', operator],
          {},
        ),
    };
  }

  async function settled(
    { outbox, inNamespace }: Awaited<ReturnType<typeof world>>,
    one: OutboxMessage,
    settlement: Settlement,
  ) {
    await outbox.accept(inNamespace(one));
    const [lease] = await outbox.lease({ now: Date.now(), limit: 1, leaseFor: 60_000 });
    expect(await lease?.settle(settlement)).toBe('settled');
  }

  test('outbox: what waits and is dead is listed, shown without its password, tried again and dropped', async () => {
    const made = await world();
    await settled(made, message(1), {
      kind: 'dead',
      reason: 'MailboxUnavailable',
      attempt: { ...attempt, reply: '550 5.1.1 No' },
    });
    await made.outbox.accept(made.inNamespace(confidential(2)));
    const { code, stdout, stderr } = await made.run('outbox', 'list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/g\*\*\*@example\.com +Dead +1 +never +MailboxUnavailable: 550 5\.1\.1 No$/m);
    expect(stdout).toMatch(/Waiting +0 +now$/m);
    expect((await made.run('outbox', 'show', message(2).id, '--body')).stdout).not.toContain(password);
    expect(await made.run('outbox', 'retry', message(1).id)).toMatchObject({ code: 0, stderr: '' });
    expect(await made.run('outbox', 'drop', message(2).id)).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse((await made.run('outbox', 'list', '-o', 'json')).stdout)).toMatchObject([
      { id: message(1).id, state: 'Waiting', deadReason: null },
    ]);
  });

  test('drop --reason becomes an event on the policy, and a line of its status', async () => {
    const made = await world(policy({ credentials: [credentialsRule()] }));
    const key = { namespace: made.namespace, name: 'guests' };
    const { identity } = made.inNamespace({ ...message(1), identity: { ...message(1).identity, policy: key } });
    const id = messageId(identity);
    await made.outbox.accept({ ...message(1), id, identity });
    expect(await made.run('outbox', 'drop', id, '--reason', 'told by phone')).toMatchObject({
      code: 0,
      stderr: '',
    });
    const events = await cluster.kubectl(['get', 'events', '-n', made.namespace, '-o', 'json']);
    expect(JSON.parse(events.stdout).items).toMatchObject([
      {
        reason: 'Dropped',
        involvedObject: { kind: 'NotificationPolicy', name: 'guests' },
        message: expect.stringContaining('told by phone'),
      },
    ]);
    const stored = await cluster.kubectl(['get', 'npol', 'guests', '-n', made.namespace, '-o', 'json']);
    expect(JSON.parse(stored.stdout).status.recentDeliveries).toMatchObject([
      { outcome: 'Dropped', reason: 'DroppedByHand', reply: 'told by phone' },
    ]);
    await cluster.kubectl(['delete', 'npol', 'guests', '-n', made.namespace]);
    const told = await made.run('explain', '--to', message(1).identity.recipient);
    expect(told.stdout).toMatch(/Dropped +DroppedByHand: told by phone/);
  });

  test('upcoming, preview and explain of what the cluster has', async () => {
    const rules = { credentials: [credentialsRule()], reminders: [reminderRule()] };
    const { objects } = await encryptedRelay();
    const { namespace, run: command } = await world(...objects, policy(rules), account('jane', { validTo: inDays(5) }));
    const coming = await command('upcoming', '-n', namespace, '-o', 'json');
    expect(JSON.parse(coming.stdout)).toMatchObject([
      { policy: `${namespace}/guests`, subject: `${namespace}/jane`, step: 1 },
    ]);
    const mail = await command('preview', 'guests', 'guest-credentials', '-n', namespace, '--subject', 'jane');
    expect(mail).toMatchObject({ code: 0, stdout: expect.stringContaining('Password: ********') });
    const told = await command('explain', '--to', 'jane@example.com', '-n', namespace);
    expect(told.code).toBe(1);
    expect(told.stdout).toMatch(/guest-credentials +\S+\/jane +NotSent +/);
    expect(told.stdout).toMatch(/guest-expiry +\S+\/jane \(1 day before the end\) +Upcoming/);
    expect(told.stderr).toContain('no operator has run there');
  });

  test('send-test, from here, by a relay and its CA in the cluster', async () => {
    const { objects } = await encryptedRelay();
    const { namespace, run: command } = await world(...objects, policy({ credentials: [credentialsRule()] }));
    const sent = await command('send-test', 'guests', '-n', namespace, '--to', 'admin@example.com');
    expect(sent).toMatchObject({ code: 0, stdout: expect.stringContaining('250 2.0.0 queued as 4B2A') });
  });

  describe('with the rights of one namespace', () => {
    const reading = ['get', 'list', 'watch'];
    const grantsIn = (namespace: string, resources: readonly string[]): readonly Grant[] => [
      { namespace, apiGroups: ['relaykeeper.dev'], resources, verbs: reading },
      { namespace, apiGroups: [''], resources: ['secrets', 'configmaps'], verbs: reading },
    ];

    async function limited(resources: readonly string[]) {
      const { objects } = await encryptedRelay();
      const { namespace } = await world(
        ...objects,
        policy({ reminders: [reminderRule()] }),
        account('jane', { validTo: inDays(5) }),
      );
      const grants = grantsIn(namespace, resources);
      const kubeconfig = await cluster.kubeconfigFor({ namespace, name: 'reader', grants });
      const args = ['--kubeconfig', kubeconfig, '--operator-namespace', namespace, '-n', namespace];
      return run(process.execPath, [bundledProgram().program, 'upcoming', ...args], {});
    }

    test('what it holds is seen', async () => {
      const { code, stdout } = await limited(['notificationpolicies', 'smtprelays']);
      expect(code).toBe(0);
      expect(stdout).toContain('/jane');
    });

    test('relays that cannot be seen are told of, and the rest is shown', async () => {
      const { stdout, stderr } = await limited(['notificationpolicies']);
      expect(stdout).toContain('/jane');
      expect(stderr).toContain('smtprelays');
    });

    test('without a look at policies the command ends, and says which right it lacks', async () => {
      const { code, stderr } = await limited(['smtprelays']);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^error: .*notificationpolicies/m);
    });
  });
});
