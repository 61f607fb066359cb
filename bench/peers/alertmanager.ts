// Debian's Alertmanager, told to mail each alert by itself to the sink.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installed } from '../installed.ts';
import { type Program, startProgram } from '../program.ts';

export interface AlertmanagerPeer extends Program {
  readonly url: string;
}

export const alertmanagerName = 'Alertmanager';

/** Undefined where it is not on this machine. */
export async function alertmanagerCommand(): Promise<string | undefined> {
  return (await installed('prometheus-alertmanager')) ?? (await installed('alertmanager'));
}

export async function startAlertmanager(
  command: string,
  { port, directory }: { readonly port: number; readonly directory: string },
): Promise<AlertmanagerPeer> {
  const own = await mkdtemp(join(directory, 'alertmanager-'));
  const file = join(own, 'alertmanager.yml');
  await writeFile(file, configuration(port));
  const program = await startProgram({
    command,
    args: [
      `--config.file=${file}`,
      `--storage.path=${own}`,
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ],
    ready: /msg="Listening on".* address=(\S+)/,
  });
  return { ...program, url: `http://${program.said}/api/v2/alerts` };
}

function configuration(port: number): string {
  return `
global:
  smtp_smarthost: 127.0.0.1:${port}
  smtp_from: ops@example.com
  smtp_hello: client.example.com
  smtp_require_tls: false
route:
  receiver: mail
  group_by: ['...']
  group_wait: 0s
  group_interval: 5m
  repeat_interval: 4h
receivers:
  - name: mail
    email_configs: [{ to: oncall@example.com }]
`;
}
