// Replicas that take alarms by webhook, a mail server that keeps what it gets, and who holds relaykeeper-alarms.
import { expect } from 'vitest';
import type { Grant } from '../control-plane/access.ts';
import { sharedControlPlane } from '../control-plane/shared.ts';
import { mailsOf, type Sink, startSink } from '../policies/operating.ts';
import { eventually } from '../store/eventually.ts';
import { type Operator, startOperator } from './operator.ts';
import { alarmRights } from './rights.ts';
import { plainRelay } from './servers.ts';
import { allowLoopback, createWorld, type World } from './world.ts';

export interface AlarmWorld extends World {
  readonly sink: Sink;
  readonly startReplica: (identity: string, args?: readonly string[]) => Promise<Replica>;
  readonly applyRule: (rule: object) => Promise<void>;
  /** The identity of the replica that runs alarm rules. */
  readonly holder: () => Promise<string>;
}

export interface Replica {
  readonly name: string;
  readonly operator: Operator;
  /** Of the test's only rule; undefined where nobody answers. */
  post(alarms: readonly object[]): Promise<number | undefined>;
}

const token = 'let-me-in';

export async function createAlarmWorld(prefix: string, watched: readonly Grant[] = []): Promise<AlarmWorld> {
  const cluster = sharedControlPlane();
  const world = await createWorld(cluster, prefix);
  const { namespace } = world;
  const sink = await startSink();
  await world.apply('corporate', plainRelay(sink.port, { sender: { address: 'ops@example.com' } }));
  await world.applySecret('token', { type: 'Opaque', stringData: { token } });
  return {
    ...world,
    sink,
    async startReplica(name, args = []) {
      const kubeconfig = await cluster.kubeconfigFor({ namespace, name, grants: alarmRights(namespace, watched) });
      const own = ['-n', namespace, '--identity', name, '--webhook-listen', '127.0.0.1:0', ...allowLoopback];
      const operator = startOperator({ kubeconfig, namespace, args: [...own, ...args] });
      return { name, operator, post: poster(operator, namespace) };
    },
    applyRule: (rule) =>
      cluster.apply({
        apiVersion: 'relaykeeper.dev/v1alpha1',
        kind: 'NotificationPolicy',
        metadata: { namespace, name: 'ops' },
        spec: {
          relayRef: { name: 'corporate' },
          alarms: [{ name: 'rule', notify: { addresses: ['oncall@example.com'] }, ...rule }],
        },
      }),
    async holder() {
      const { stdout } = await cluster.kubectl(['-n', namespace, 'get', 'lease', 'relaykeeper-alarms', '-o', 'json']);
      return (stdout === '' ? '' : String(JSON.parse(stdout).spec.holderIdentity ?? '')).split('_')[0] ?? '';
    },
  };
}

export const byWebhook = { webhook: { tokenSecretRef: { name: 'token', key: 'token' } } };

function poster(operator: Operator, namespace: string): Replica['post'] {
  return async (alarms) => {
    const line = operator.log.find(({ msg }) => msg.startsWith('alarms are taken at '));
    const url = /http:\S+:\d+/.exec(line?.msg ?? '')?.[0];
    if (url === undefined) return undefined;
    const request = {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ alarms }),
    };
    // Nobody listens any more, or it was killed before it answered.
    return fetch(`${url}/v1/alarms/${namespace}/ops/rule`, request).then(
      ({ status }) => status,
      () => undefined,
    );
  };
}

/** As Alertmanager does: tried again until it is taken. */
export async function postFirmly(replica: () => Replica, alarms: readonly object[]): Promise<void> {
  await eventually('the alarm is taken', async () => (await replica().post(alarms)) === 202, { within: 60_000 });
}

export function alarm(labels: Readonly<Record<string, string>>, status = 'firing'): object {
  return { labels: { severity: 'warning', ...labels }, status };
}

export async function subjectsOf(sink: Sink): Promise<(string | undefined)[]> {
  return (await mailsOf(sink)).map(({ subject }) => subject);
}

/** Each message once: a Message-ID names group and occasion. */
export async function expectNoneTwice(sink: Sink): Promise<void> {
  const ids = (await mailsOf(sink)).map(({ messageId }) => messageId);
  expect(ids).toHaveLength(new Set(ids).size);
}

export function saysLast(operator: Operator, text: string): boolean {
  return operator.log.findLast(({ msg }) => msg.endsWith('alarm rules'))?.msg === text;
}
