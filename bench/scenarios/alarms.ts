// Alarms by webhook until their mails are at the sink, one mail an alarm: the operator with its spool beside Debian's
// Alertmanager; then a storm in a few groups; then the operator with the outbox of a cluster, and what that writes.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { bundle } from '../../scripts/bundle.ts';
import { alarmsOnCluster } from '../alarms/alarms-on-cluster.ts';
import { alertsOf, inBodies, webhookBody } from '../alarms/alerts.ts';
import { type AlarmBench, alarmManifests, token } from '../alarms/manifests.ts';
import { type AlarmOperator, startAlarmOperator } from '../alarms/operator.ts';
import { postAll } from '../alarms/post-alerts.ts';
import { type CountingSink, startCountingSink } from '../counting-sink.ts';
import { inPairs } from '../pairs.ts';
import { peakMegabytes } from '../peak-memory.ts';
import { alertmanagerCommand, alertmanagerName, startAlertmanager } from '../peers/alertmanager.ts';
import type { Result } from '../result.ts';
import type { Bench } from '../scenario.ts';

const count = 5_000;
const pairs = 3;
const storm = { count: 50_000, names: 10, clients: 4 };
const longest = 300_000;
const single = { groupBy: ['...'], groupWait: '0s' } as const;
const grouped = { groupBy: ['alertname'], groupWait: '1s', groupInterval: '5s' } as const;

export async function alarmsScenario({ directory, note, found }: Bench): Promise<void> {
  await writeFile(join(directory, 'package.json'), '{"type":"module"}\n');
  await bundle(join(directory, 'bundle'));
  const program = join(directory, 'bundle', 'main.js');
  const sink = await startCountingSink();
  try {
    await besideAlertmanager({ program, sink, directory, note, found });
    for (const result of await stormOnce({ program, sink, directory })) found(result);
  } finally {
    await sink.stop();
  }
  await alarmsOnCluster({ directory, note, found }, program);
}

interface Place {
  readonly program: string;
  readonly sink: CountingSink;
  readonly directory: string;
}

/** The rate by turns, and beside it each one's highest peak. */
async function besideAlertmanager({ note, found, ...place }: Place & Bench): Promise<void> {
  const command = await alertmanagerCommand();
  if (!command) note(`${alertmanagerName} is not here (Debian: apt install prometheus-alertmanager): no comparison.`);
  const peaks = { ours: 0, peer: 0 };
  const ours = async () => {
    const { rate, peak } = await oursOnce(place);
    peaks.ours = Math.max(peaks.ours, peak);
    return rate;
  };
  const peer = async () => {
    const { rate, peak } = await peerOnce(command ?? '', place);
    peaks.peer = Math.max(peaks.peer, peak);
    return rate;
  };
  const measured = await inPairs(ours, command === undefined ? undefined : peer, pairs);
  const beside = (value: number | undefined, ratio: number | undefined) =>
    value === undefined || ratio === undefined ? undefined : { name: alertmanagerName, value, ratio };
  const what = `${count.toLocaleString('en')} alarms, one mail each`;
  found({
    ...{ scenario: 'alarms', name: what, unit: 'messages/s', ours: measured.ours },
    peer: beside(measured.peer, measured.ratio),
    target: { ratio: 4, better: 'higher' },
  });
  const memory = command === undefined ? undefined : peaks.peer;
  found({
    ...{ scenario: 'alarms', name: `${what}, peak memory`, unit: 'MB', ours: peaks.ours },
    peer: beside(memory, memory && peaks.ours / memory),
    target: { ratio: 0.5, better: 'lower' },
  });
}

interface Once {
  readonly rate: number;
  readonly peak: number;
}

async function oursOnce(place: Place): Promise<Once> {
  const operator = await startOnDirectory(place, single);
  try {
    const bodies = (of: number, run: string) => inBodies(alertsOf({ count: of, names: 10, run })).map(webhookBody);
    return await timed({ bodies, url: operator.url, token, sink: place.sink, pid: operator.pid });
  } finally {
    await operator.stop();
  }
}

async function peerOnce(command: string, { sink, directory }: Place): Promise<Once> {
  const peer = await startAlertmanager(command, { port: sink.port, directory });
  try {
    const bodies = (of: number, run: string) =>
      inBodies(alertsOf({ count: of, names: 10, run })).map((some) => JSON.stringify(some));
    return await timed({ bodies, url: peer.url, sink, pid: peer.pid });
  } finally {
    await peer.stop();
  }
}

interface Timing {
  readonly bodies: (count: number, run: string) => readonly string[];
  readonly url: string;
  readonly token?: string;
  readonly sink: CountingSink;
  readonly pid: number;
}

/** One alarm goes ahead: with its mail it is known that all is up. Then from the first post to the last mail. */
async function timed({ bodies, sink, pid, ...to }: Timing): Promise<Once> {
  const before = sink.messages();
  await postAll(bodies(1, 'first'), to);
  await sink.reaches(before + 1, longest);
  const all = bodies(count, 'all');
  const start = performance.now();
  await postAll(all, to);
  await sink.reaches(before + 1 + count, longest);
  const seconds = (performance.now() - start) / 1_000;
  return { rate: count / seconds, peak: await peakMegabytes(pid) };
}

async function startOnDirectory({ program, sink, directory }: Place, rule: AlarmBench['rule']): Promise<AlarmOperator> {
  const own = await mkdtemp(join(directory, 'manifests-'));
  const manifests = alarmManifests({ port: sink.port, rule });
  await writeFile(join(own, 'all.yaml'), manifests.map((manifest) => dump(manifest)).join('---\n'));
  return await startAlarmOperator(program, ['--directory', own]);
}

async function stormOnce(place: Place): Promise<readonly Result[]> {
  const { sink } = place;
  const operator = await startOnDirectory(place, grouped);
  try {
    const before = sink.messages();
    await postAll([webhookBody(alertsOf({ count: 1, names: 1, run: 'first' }))], { url: operator.url, token });
    await sink.reaches(before + 1, longest);
    const bodies = inBodies(alertsOf({ ...storm, run: 'all' })).map(webhookBody);
    const start = performance.now();
    const took = await postAll(bodies, { url: operator.url, token, clients: storm.clients });
    const seconds = (performance.now() - start) / 1_000;
    await sink.settled(3 * 5_000);
    const figure = (what: string, unit: Result['unit'], ours: number): Result => {
      return { scenario: 'alarms', name: `storm, ${what}`, unit, ours, peer: undefined, target: undefined };
    };
    return [
      figure('mails made', 'messages', sink.messages() - before - 1),
      figure('alarms taken', 'alarms/s', storm.count / seconds),
      figure('answer, median', 'ms', quantile(took, 0.5)),
      figure('answer, p99', 'ms', quantile(took, 0.99)),
      figure('peak memory', 'MB', await peakMegabytes(operator.pid)),
    ];
  } finally {
    await operator.stop();
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
