// The operator on a real API server with 1,000 relays, then with 10,000: how long until each has a verdict, what memory
// and how many requests that takes, and what is still written once nothing happens any more.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '../../scripts/bundle.ts';
import type { AuditedRequest } from '../../test/control-plane/audit-log.ts';
import { findBinaries } from '../../test/control-plane/binaries.ts';
import { startRelay } from '../relay.ts';
import { type ClusterFigures, isWriteBeyondLeases, relaysOnCluster } from '../relays-on-cluster.ts';
import type { Result } from '../result.ts';
import type { Bench } from '../scenario.ts';

const sizes = [1_000, 10_000];
const qps = 5_000;
const steadyMilliseconds = 60_000;
/** The default interval of 5 minutes for 10,000; at 1,000 as many probes a second. */
const intervalSecondsPerRelay = 0.03;

export async function clusterScenario({ directory, note, found }: Bench): Promise<void> {
  const control = await findBinaries(process.env, note);
  if (control.kind === 'missing') return note(`no control plane, so no figures: ${control.remedy}`);
  await writeFile(join(directory, 'package.json'), '{"type":"module"}\n');
  await bundle(join(directory, 'bundle'));
  const program = join(directory, 'bundle', 'main.js');
  note(`--kube-api-qps ${qps}; every relay with STARTTLS, a CA in a ConfigMap and a login; about 33 probes a second`);
  const server = await startRelay();
  try {
    let before: Size | undefined;
    for (const relays of sizes) {
      const intervalSeconds = relays * intervalSecondsPerRelay;
      const run = { relays, intervalSeconds, server, binaries: control.binaries, program, qps, steadyMilliseconds };
      const size = { relays, figures: await relaysOnCluster(run) };
      note(`${count(relays)} relays, requests until settled: ${byVerb(size.figures.requests)}`);
      note(`${count(relays)} relays, requests in a steady minute: ${byVerb(size.figures.steady)}`);
      for (const result of results(size, before)) found(result);
      before = size;
    }
  } finally {
    await server.stop();
  }
}

interface Size {
  readonly relays: number;
  readonly figures: ClusterFigures;
}

function results({ relays, figures }: Size, smaller: Size | undefined): Result[] {
  const figure = (what: string, unit: Result['unit'], of: (figures: ClusterFigures) => number): Result => {
    const [ours, value] = [of(figures), smaller && of(smaller.figures)];
    return {
      scenario: 'cluster',
      name: `${count(relays)} relays, ${what}`,
      unit,
      ours,
      peer: smaller && value ? { name: `${count(smaller.relays)} relays`, value, ratio: ours / value } : undefined,
      target: undefined,
    };
  };
  return [
    figure('until all have status', 's', ({ seconds }) => seconds),
    figure('peak memory', 'MB', ({ peakMegabytes }) => peakMegabytes),
    figure('requests', 'requests', ({ requests }) => requests.length),
    figure('steady minute', 'writes', ({ steady }) => steady.filter(isWriteBeyondLeases).length),
  ];
}

function byVerb(requests: readonly AuditedRequest[]): string {
  const counts = Map.groupBy(
    requests,
    ({ verb, resource, code }) => `${verb} ${resource}${code < 400 ? '' : ` (${code})`}`,
  );
  const lines = [...counts].map(([what, { length }]) => `${count(length)} ${what}`);
  return lines.length === 0 ? 'none' : lines.join(', ');
}

function count(value: number): string {
  return value.toLocaleString('en');
}
