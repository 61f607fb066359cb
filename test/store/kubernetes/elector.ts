// A process that wants to lead and, while it does, acts all the time, each time saying when by a clock that all
// processes of a machine share. Run by leader-election.cluster.test.ts, which stops, kills and pauses it.
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/store/clock.ts';
import { createKubernetesLeases } from '../../../src/store/kubernetes/kubernetes-leases.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import { runAsLeader } from '../../../src/store/leader-election.ts';

const [kubeconfig, namespace = '', identity = '', timings = ''] = process.argv.slice(2);
const opened = await openClient({ kubeconfig, environment: {}, qps: 20 });
if (opened.kind === 'unusable') throw new Error(opened.message);

const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await runAsLeader(
  {
    leases: createKubernetesLeases(opened.client, namespace),
    name: 'relaykeeper-probes',
    identity,
    timings: JSON.parse(timings),
    clock: systemClock,
    random: Math.random,
    tell: (event) => console.log(JSON.stringify(event)),
  },
  async (signal, stillLeader) => {
    while (!signal.aborted) {
      if (stillLeader()) console.log(JSON.stringify({ kind: 'act', at: String(process.hrtime.bigint()) }));
      await wait(10);
    }
  },
  stop.signal,
);
opened.client.close();
