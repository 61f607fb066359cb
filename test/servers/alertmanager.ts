// A real Alertmanager on loopback, with a webhook receiver that keeps what it is sent.
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { startSupervised } from '../control-plane/supervised-process.ts';

export interface Notified {
  readonly at: number;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt?: string;
}

export interface Alertmanager {
  readonly post: (alerts: readonly PostedAlert[]) => Promise<void>;
  readonly notified: readonly Notified[];
  readonly stop: () => Promise<void>;
}

export const alertmanagerPackage = 'prometheus-alertmanager';

/** `configuration` makes the file's text of the URL that webhooks go to. */
export async function startAlertmanager(configuration: (webhook: string) => string): Promise<Alertmanager> {
  const notified: Notified[] = [];
  const receiver = createServer(async (request, response) => {
    const body = (await json(request)) as Omit<Notified, 'at'>;
    notified.push({ ...body, at: Date.now() });
    response.end();
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const directory = await mkdtemp(join(tmpdir(), 'alertmanager-'));
  const file = join(directory, 'alertmanager.yml');
  await writeFile(file, configuration(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`));
  const logFile = join(directory, 'alertmanager.log');
  const child = await startSupervised(
    alertmanagerPackage,
    [
      `--config.file=${file}`,
      `--storage.path=${directory}`,
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ],
    { logFile, directory },
  );
  const address = await listening(logFile);
  return {
    notified,
    post: (alerts) => post(`http://${address}/api/v2/alerts`, alerts),
    stop: async () => {
      await child.kill('SIGTERM');
      receiver.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function post(url: string, alerts: readonly PostedAlert[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(alerts) });
  if (!response.ok) throw new Error(`Alertmanager answers ${response.status}: ${await response.text()}`);
}

/** It says where it listens once it does. */
async function listening(logFile: string): Promise<string> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const log = await readFile(logFile, 'utf8');
    const address = /msg="Listening on".* address=(\S+)/.exec(log)?.[1];
    if (address !== undefined) return address;
    if (Date.now() > deadline) throw new Error(`Alertmanager does not listen: ${log}`);
    await delay(50);
  }
}
