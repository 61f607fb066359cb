// Debian's prometheus-blackbox-exporter, told to hold the same conversation: EHLO, STARTTLS, EHLO, AUTH PLAIN, QUIT.
import { writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { join } from 'node:path';
import { installed } from '../installed.ts';
import { startProgram } from '../program.ts';
import type { BenchRelay } from '../relay.ts';

export interface Blackbox {
  /** Asks for one probe, as Prometheus does, and throws unless it succeeded. */
  readonly probe: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export const blackboxName = 'blackbox-exporter';

export async function startBlackbox(relay: BenchRelay, directory: string): Promise<Blackbox | undefined> {
  const command = await installed('prometheus-blackbox-exporter');
  if (!command) return undefined;
  const caFile = join(directory, 'ca.pem');
  const configFile = join(directory, 'blackbox.yml');
  await writeFile(caFile, relay.caPem);
  await writeFile(configFile, configuration(relay, caFile));
  const args = [`--config.file=${configFile}`, '--web.listen-address=127.0.0.1:0', '--log.level=info'];
  const program = await startProgram({ command, args, ready: /msg="Listening on" address=127\.0\.0\.1:(\d+)/ });
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const url = `http://127.0.0.1:${program.said}/probe?module=smtp_login&target=127.0.0.1:${relay.port}`;
  return {
    probe: () => ask(url, agent),
    async stop() {
      agent.destroy();
      await program.stop();
    },
  };
}

function configuration({ username, password }: BenchRelay, caFile: string): string {
  const credentials = Buffer.from(`\0${username}\0${password}`).toString('base64');
  const lines: readonly object[] = [
    { expect: '^220 ' },
    { send: 'EHLO client.example.com\r' },
    { expect: '^250[- ]STARTTLS' },
    { send: 'STARTTLS\r' },
    { expect: '^220 ' },
    { starttls: true },
    { send: 'EHLO client.example.com\r' },
    { expect: '^250[- ]AUTH .*PLAIN' },
    { send: `AUTH PLAIN ${credentials}\r` },
    { expect: '^235 ' },
    { send: 'QUIT\r' },
    { expect: '^221 ' },
  ];
  const tcp = {
    preferred_ip_protocol: 'ip4',
    tls_config: { ca_file: caFile, server_name: '127.0.0.1' },
    query_response: lines,
  };
  // JSON is YAML.
  return JSON.stringify({ modules: { smtp_login: { prober: 'tcp', timeout: '10s', tcp } } });
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => {
        if (/^probe_success 1$/m.test(body)) resolve();
        else reject(new Error(`the probe of ${blackboxName} failed: ${url}&debug=true says why`));
      });
    });
    request.on('error', reject);
  });
}
