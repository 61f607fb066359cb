// Alarms on a real cluster: what its Events and its objects' conditions say becomes mails.
import { expect, test } from 'vitest';
import { run } from '../control-plane/run.ts';
import { bundledProgram, describeWithCluster } from '../control-plane/shared.ts';
import { mailsOf } from '../policies/operating.ts';
import { eventually } from '../store/eventually.ts';
import { alarm, byWebhook, createAlarmWorld, expectNoneTwice, postFirmly, subjectsOf } from './alarm-world.ts';
import { alarmRights, withoutVerb } from './rights.ts';

const quick = { groupWait: '1s', groupInterval: '2s' };

describeWithCluster('alarms of a cluster', () => {
  test('a series of Events that is updated in place becomes one mail; what was there before becomes none', async () => {
    const world = await createAlarmWorld('alarms');
    const { cluster, namespace, sink } = world;
    await cluster.apply(event(namespace, 'older', 'OldReason', 30));
    const replica = await world.startReplica('first');
    const after = { times: 3, within: '10m' };
    await world.applyRule({ sources: { kubernetesEvents: { after } }, groupBy: ['reason'], ...quick });
    await untilRuns(world);
    await cluster.apply(event(namespace, 'web', 'BackOff', 1));
    await cluster.apply(event(namespace, 'web', 'BackOff', 2));
    await cluster.apply(event(namespace, 'normal', 'Pulled', 9, 'Normal'));
    await cluster.apply(event(namespace, 'web', 'BackOff', 4));
    await eventually('the mail', () => sink.messages.length > 0, { within: 30_000 });
    const [mail] = await mailsOf(sink);
    expect(mail?.subject).toBe('[FIRING 1, warning] BackOff');
    expect(mail?.text).toContain('Back-off restarting');
    await cluster.apply(event(namespace, 'web', 'BackOff', 7));
    await eventually('it is counted', async () => (await ruleStatus(world))?.sent === 1);
    expect(await subjectsOf(sink)).toEqual(['[FIRING 1, warning] BackOff']);
    expect(await world.kubectl('get', 'npol', 'ops')).toMatch(/ops +corporate +True +Running +1 +0 +0/);
    replica.operator.signal('SIGTERM');
    expect(await replica.operator.ended).toBe(0);
  }, 120_000);

  test('without the right to see Events the rule says which, and heals once it is granted', async () => {
    const world = await createAlarmWorld('denied');
    const { cluster, namespace, sink } = world;
    await world.startReplica('first');
    await eventually('it holds', async () => (await world.holder()) === 'first');
    const account = { namespace, name: 'first' };
    await cluster.grant({
      ...account,
      grants: withoutVerb(alarmRights(namespace), { verb: 'list', resource: 'events' }),
    });
    await world.applyRule({ sources: { kubernetesEvents: {} }, groupBy: ['reason'], ...quick });
    const words = new RegExp(`cannot list events in namespace ${namespace}.* grant the verbs list and watch`);
    await eventually('it says so', async () => words.test((await ruleStatus(world))?.message ?? ''));
    await cluster.grant({ ...account, grants: alarmRights(namespace) });
    await eventually('it says no more', async () => !words.test((await ruleStatus(world))?.message ?? ''), {
      within: 60_000,
    });
    await cluster.apply(event(namespace, 'web', 'BackOff', 2));
    await eventually('the mail', () => sink.messages.length === 1, { within: 40_000 });
  }, 150_000);

  test('a Deployment that is not available for long enough becomes a mail, and one when it is', async () => {
    const deployments = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'] };
    const world = await createAlarmWorld('conditions', [deployments]);
    const { cluster, namespace, sink } = world;
    await world.startReplica('first');
    const condition = { apiVersion: 'apps/v1', kind: 'Deployment', type: 'Available', status: 'False', for: '1s' };
    await world.applyRule({ sources: { resourceConditions: [condition] }, groupBy: ['name'], ...quick });
    await untilRuns(world);
    await cluster.apply(deployment(namespace));
    await setAvailable('False');
    await eventually('the mail', () => sink.messages.length === 1, { within: 40_000 });
    await setAvailable('True');
    await eventually('the second mail', () => sink.messages.length === 2, { within: 40_000 });
    const [first, second] = await mailsOf(sink);
    expect(first?.subject).toBe('[FIRING 1, warning, DeploymentNotAvailable] rule (name=web)');
    expect(second?.subject).toMatch(/^\[RESOLVED.*rule \(name=web\)$/);
    expect(second?.inReplyTo).toBe(first?.messageId);
    await expectNoneTwice(sink);

    async function setAvailable(status: string): Promise<void> {
      const lastTransitionTime = new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString().replace('.000', '');
      const conditions = [{ type: 'Available', status, reason: 'Test', message: 'no pods', lastTransitionTime }];
      const patch = JSON.stringify({ status: { conditions } });
      await world.kubectl('patch', 'deployment', 'web', '--subresource=status', '--type=merge', '-p', patch);
    }
  }, 120_000);
});

describeWithCluster('commands about alarms', () => {
  test('a test alarm is taken by the operator beside them, and what is active is shown', async () => {
    const world = await createAlarmWorld('send');
    const { namespace, sink, cluster } = world;
    const relaykeeper = (...args: readonly string[]) => {
      const place = ['--kubeconfig', cluster.kubeconfigPath, '--operator-namespace', namespace];
      return run(process.execPath, [bundledProgram().program, 'alarms', ...args, ...place], {});
    };
    await world.applyRule({ sources: byWebhook, groupBy: ['alertname'], ...quick });
    const replica = await world.startReplica('first');
    await untilRuns(world);
    const sent = await relaykeeper('send', `${namespace}/ops`, 'rule', '--label', 'severity=critical');
    expect(sent).toMatchObject({ code: 0, stderr: '' });
    expect(sent.stdout).toMatch(
      /^The alarm is kept; .* It is in group alertname=rule, which is told at \S+ \(groupWait\)\.\n$/,
    );
    await eventually('the mail', () => sink.messages.length === 1);
    const shown = await relaykeeper('-n', namespace, '-o', 'json');
    expect(JSON.parse(shown.stdout)).toMatchObject([
      {
        policy: `${namespace}/ops`,
        rule: 'rule',
        firing: 1,
        groups: [{ labels: { alertname: 'rule' }, state: 'Firing' }],
      },
    ]);
    replica.operator.signal('SIGTERM');
    expect(await replica.operator.ended).toBe(0);
    const kept = await relaykeeper('send', `${namespace}/ops`, 'rule', '--resolved', '--label', 'severity=critical');
    expect(kept).toMatchObject({ code: 0 });
    await world.startReplica('second');
    await eventually('what was kept meanwhile is mailed', () => sink.messages.length === 2, { within: 40_000 });
    expect(await subjectsOf(sink)).toEqual(['[FIRING 1, critical] rule', '[RESOLVED] rule']);
  }, 120_000);

  test('a process that delivers nothing leaves mail to one that does; one without alarms is no candidate', async () => {
    const world = await createAlarmWorld('roles');
    const { sink } = world;
    await world.applyRule({ sources: byWebhook, groupBy: ['alertname'], ...quick });
    const taking = await world.startReplica('taking', ['--roles', 'webhook,alarms,probes']);
    await eventually('it holds', async () => (await world.holder()) === 'taking');
    await world.untilReady('corporate', { status: 'True' });
    await postFirmly(() => taking, [alarm({ alertname: 'DiskFull' })]);
    const outbox = () => world.kubectl('get', 'secrets', '-l', 'relaykeeper.dev/outbox', '-o', 'name');
    await eventually('it is in the outbox', async () => (await outbox()) !== '');
    expect(sink.messages).toEqual([]);
    await world.startReplica('sending', ['--roles', 'webhook,delivery']);
    await eventually('the mail', () => sink.messages.length === 1, { within: 40_000 });
    expect(await world.holder()).toBe('taking');
    await expectNoneTwice(sink);
  }, 120_000);
});

type World = Awaited<ReturnType<typeof createAlarmWorld>>;

async function ruleStatus({ kubectl }: World) {
  const { status } = JSON.parse(await kubectl('get', 'npol', 'ops', '-o', 'json'));
  return status?.rules?.find(({ kind }: { readonly kind: string }) => kind === 'Alarm');
}

/** A watch that begins takes what is there for old. */
async function untilRuns(world: World): Promise<void> {
  await eventually('its status says so', async () => (await ruleStatus(world))?.subjects !== undefined);
}

function event(namespace: string, name: string, reason: string, count: number, type = 'Warning'): object {
  const now = new Date().toISOString().replace('Z', '000Z');
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { namespace, name },
    ...{ type, reason, action: 'Restarting', note: 'Back-off restarting failed container' },
    ...{ reportingController: 'kubelet', reportingInstance: 'node-1', eventTime: '2026-11-24T10:00:00.000000Z' },
    regarding: { apiVersion: 'v1', kind: 'Pod', namespace, name: 'web' },
    ...(count > 1 && { series: { count, lastObservedTime: now } }),
  };
}

function deployment(namespace: string): object {
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name: 'web' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web' }] } },
    },
  };
}
