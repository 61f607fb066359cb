// A small installation: how soon 100 relays are Ready after the start, and what memory the program holds once nothing
// happens any more; on a directory, there also with a policy of each kind, and on a cluster. Started as in the image.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { bundle } from '../../scripts/bundle.ts';
import { findBinaries } from '../../test/control-plane/binaries.ts';
import { type ImageStart, imageStart } from '../image-start.ts';
import { residentMegabytes } from '../peak-memory.ts';
import { type BenchRelay, startRelay } from '../relay.ts';
import { relaysOnCluster } from '../relays-on-cluster.ts';
import type { Result } from '../result.ts';
import type { Bench } from '../scenario.ts';

const relays = 100;
const idleMilliseconds = 30_000;

export async function footprintScenario({ directory, note, found }: Bench): Promise<void> {
  await writeFile(join(directory, 'package.json'), '{"type":"module"}\n');
  await bundle(join(directory, 'bundle'));
  const start = { ...(await imageStart()), program: join(directory, 'bundle', 'main.js') };
  const server = await startRelay();
  try {
    note(`to reach: all Ready within 2 s, under 100 MB; Node with ${start.nodeOptions.join(' ') || 'no options'}`);
    for (const [what, more] of [
      ['directory', []],
      ['with policies', policies],
    ] as const) {
      const folder = join(directory, what.replace(' ', '-'));
      await writeManifests(folder, [...manifests(server), ...more]);
      report(what, await onDirectory(folder, start), found);
    }
    const control = await findBinaries(process.env, note);
    if (control.kind === 'missing') return note(`no control plane, so no figures of a cluster: ${control.remedy}`);
    const { seconds, residentMegabytes: resident } = await relaysOnCluster({
      ...{ relays, server, qps: 5_000, binaries: control.binaries, intervalSeconds: idleMilliseconds / 1_000 },
      ...{ ...start, steadyMilliseconds: idleMilliseconds / 3 },
    });
    report('cluster', { seconds, resident }, found);
  } finally {
    await server.stop();
  }
}

interface Footprint {
  readonly seconds: number;
  /** In MB. */
  readonly resident: number;
}

function report(what: string, { seconds, resident }: Footprint, found: Bench['found']): void {
  const result = (name: string, unit: Result['unit'], ours: number): Result => {
    return { scenario: 'footprint', name: `${what}, ${name}`, unit, ours, peer: undefined, target: undefined };
  };
  found(result(`${relays} Ready`, 's', seconds));
  found(result('idle memory', 'MB', resident));
}

async function onDirectory(folder: string, start: ImageStart & { readonly program: string }): Promise<Footprint> {
  const args = [...start.nodeOptions, start.program, 'run', '--directory', folder];
  const began = performance.now();
  const operator = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...start.environment },
  });
  try {
    const ended = once(operator, 'exit').then(([code]) => Promise.reject(new Error(`the operator ended with ${code}`)));
    const seconds = await Promise.race([allReady(operator.stdout, began), ended]);
    await Promise.race([wait(idleMilliseconds), ended]);
    return { seconds, resident: await residentMegabytes(operator.pid) };
  } finally {
    if (operator.exitCode === null) {
      const exit = once(operator, 'exit');
      operator.kill('SIGTERM');
      await exit;
    }
  }
}

/** Keeps reading after that, so that the program never blocks. */
function allReady(output: NodeJS.ReadableStream, began: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const ready = new Set<string>();
  let text = '';
  output.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (text + chunk).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const name = / default\/(relay-\d+) Ready=True /.exec(line)?.[1];
      if (name !== undefined) ready.add(name);
    }
    if (ready.size === relays) resolve((performance.now() - began) / 1_000);
  });
  return promise;
}

async function writeManifests(folder: string, objects: readonly object[]): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'all.yaml'), objects.map((object) => JSON.stringify(object)).join('\n---\n'));
}

const apiVersion = 'relaykeeper.dev/v1alpha1';

function manifests({ port, caPem, username, password }: BenchRelay): object[] {
  const spec = {
    ...{ host: '127.0.0.1', port, ehloName: 'client.example.com', sender: { address: 'bench@example.com' } },
    ...{ tls: { caConfigMapRef: { name: 'ca' } }, auth: { secretRef: { name: 'login' } } },
  };
  const type = 'kubernetes.io/basic-auth';
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ca' }, data: { 'ca.crt': caPem } },
    { apiVersion: 'v1', kind: 'Secret', type, metadata: { name: 'login' }, stringData: { username, password } },
    ...Array.from({ length: relays }, (_, index) => ({
      ...{ apiVersion, kind: 'SmtpRelay', metadata: { name: `relay-${index}` }, spec },
    })),
  ];
}

/** One of each kind: they are read, checked and planned, and have nobody to write to. */
const policies: readonly object[] = Object.entries({
  credentials: [{ name: 'rule', triggers: ['AccountCreated'], password: 'Omit', notify: { account: true } }],
  reminders: [
    {
      ...{ name: 'rule', daysBefore: [7], schedule: '0 8 * * *', timeZone: 'Europe/Berlin' },
      ...{ subjects: { accounts: { expiry: 'AccountEnd' } }, notify: { account: true } },
    },
  ],
  alarms: [{ name: 'rule', sources: { relays: true }, notify: { addresses: ['oncall@example.com'] } }],
}).map(([kind, rules]) => ({
  ...{ apiVersion, kind: 'NotificationPolicy', metadata: { name: kind } },
  spec: { relayRef: { name: 'relay-0' }, [kind]: rules },
}));
