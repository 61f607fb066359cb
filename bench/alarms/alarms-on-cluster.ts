// The operator on a control plane of its own, with the outbox in Secrets: mails a second, and API writes a mail by the
// API server's audit log.
import { findBinaries } from '../../test/control-plane/binaries.ts';
import { startControlPlane } from '../../test/control-plane/control-plane.ts';
import { alarmRights } from '../../test/end-to-end/rights.ts';
import { startCountingSink } from '../counting-sink.ts';
import { isWriteBeyondLeases } from '../relays-on-cluster.ts';
import type { Result } from '../result.ts';
import type { Bench } from '../scenario.ts';
import { alertsOf, inBodies, webhookBody } from './alerts.ts';
import { alarmManifests, namespace, token } from './manifests.ts';
import { startAlarmOperator } from './operator.ts';
import { postAll } from './post-alerts.ts';

const count = 300;
const longest = 300_000;
const account = { namespace, name: 'relaykeeper' };

export async function alarmsOnCluster({ note, found }: Bench, program: string): Promise<void> {
  const control = await findBinaries(process.env, note);
  if (control.kind === 'missing') return note(`no control plane, so no figures: ${control.remedy}`);
  const cluster = await startControlPlane({ binaries: control.binaries });
  const sink = await startCountingSink();
  try {
    await cluster.applyCrds();
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await cluster.apply(
      ...alarmManifests({ port: sink.port, rule: { groupBy: ['...'], groupWait: '0s', groupInterval: '5m' } }),
    );
    const kubeconfig = await cluster.kubeconfigFor({ ...account, grants: alarmRights(namespace) });
    const args = ['--kubeconfig', kubeconfig, '--operator-namespace', namespace, '--allow-local-addresses'];
    const operator = await startAlarmOperator(program, args);
    try {
      const post = async (of: number, run: string) =>
        await postAll(inBodies(alertsOf({ count: of, names: 10, run })).map(webhookBody), { url: operator.url, token });
      await post(1, 'first');
      await sink.reaches(1, longest);
      await sink.settled(2_000);
      const before = (await cluster.requestsBy(account)).length;
      const start = performance.now();
      await post(count, 'all');
      await sink.reaches(1 + count, longest);
      const seconds = (performance.now() - start) / 1_000;
      // What a mail leaves to be tidied counts too.
      await sink.settled(5_000);
      const writes = (await cluster.requestsBy(account)).slice(before).filter(isWriteBeyondLeases);
      const byKind = Map.groupBy(writes, ({ verb, resource }) => `${verb} ${resource}`);
      note(
        `${count} alarms on a cluster wrote: ${[...byKind].map(([what, { length }]) => `${length} ${what}`).join(', ')}`,
      );
      for (const result of results(count / seconds, writes.length / count)) found(result);
    } finally {
      await operator.stop();
    }
  } finally {
    await sink.stop();
    await cluster.stop();
  }
}

function results(rate: number, writes: number): readonly Result[] {
  const one = { scenario: 'alarms', peer: undefined, target: undefined };
  return [
    { ...one, name: `${count} alarms, cluster's outbox`, unit: 'messages/s', ours: rate },
    { ...one, name: `${count} alarms, cluster's outbox, a mail`, unit: 'writes', ours: writes },
  ];
}
