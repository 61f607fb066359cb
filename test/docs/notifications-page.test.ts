// docs/notifications.md as a reader follows it: its manifests as they stand there, but for the server, and its commands.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { relaykeeper } from '../cli/from-sources.ts';
import { serverCertificate, startMailServer } from '../end-to-end/servers.ts';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';
import { eventually } from '../store/eventually.ts';

const page = readFileSync(new URL('../../docs/notifications.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, kind, text = '']) =>
    kind === language ? [text] : [],
  );
const manifests = new Map(blocks('yaml').map((text) => [/^# (\S+)/.exec(text)?.[1] ?? '', text]));
const commands = blocks('sh')
  .flatMap((text) => text.trim().split('\n'))
  .map((line) => line.replace(/ +#.*| > .*/g, ''))
  .filter((line) => line.startsWith('npx relaykeeper '));

function put(directory: string, name: string, change: (text: string) => string = (text) => text): void {
  writeFileSync(join(directory, name), change(manifests.get(name) ?? ''));
}

/** As the shell would split it. */
function argumentsOf(command: string, directory: string): string[] {
  const words = command.match(/"[^"]*"|\S+/g) ?? [];
  return words.slice(2).map((word) => word.replaceAll('"', '').replace(/^mail\//, `${directory}/`));
}

async function followed() {
  const directory = temporaryDirectory();
  const messages: string[] = [];
  const authority = await createAuthority({ name: 'Mail CA' });
  const server = await startMailServer({
    tls: await serverCertificate(authority),
    capabilities: ['AUTH PLAIN'],
    onMessage: (message) => messages.push(message),
  });
  const ca = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'ca', namespace: 'mail' },
    stringData: { 'ca.crt': authority.certificatePem },
  };
  put(directory, 'relay.yaml', (text) =>
    `${text}---\n${JSON.stringify(ca)}\n`
      .replace('host: mail.example.com', `host: 127.0.0.1\n  port: ${server.port}`)
      .replace('mode: StartTls', 'mode: StartTls, caSecretRef: { name: ca }'),
  );
  put(directory, 'policy.yaml');
  return { directory, messages };
}

test('its manifests, in its order, bring the mail to a server, and explain says so', async () => {
  expect([...manifests.keys()]).toEqual(['relay.yaml', 'policy.yaml', 'jane.yaml']);
  const { directory, messages } = await followed();
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  const operator = spawn(process.execPath, [main, 'run', '--directory', directory], { stdio: 'pipe' });
  const ended = once(operator, 'exit');
  onTestFinished(() => void operator.kill('SIGKILL'));
  let output = '';
  operator.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  await eventually('the policy is ready', () => output.includes('policy mail/guests Ready=True'));
  put(directory, 'jane.yaml');
  await eventually('the mail is there', () => messages.length > 0);
  const mail = await simpleParser(messages[0] ?? '');
  expect(mail.text).toContain('correct-horse-7');
  const explained = await eventually('it is known to be sent', async () => {
    const { stdout } = await relaykeeper('explain', '--to', 'jane.doe@example.com', '--directory', directory);
    return /guest-credentials +mail\/jane-doe +Sent +mail\/corporate: 250 /.test(stdout) && stdout;
  });
  expect(explained).not.toContain('correct-horse-7');
  operator.kill('SIGINT');
  await ended;
  expect(messages).toHaveLength(1);
}, 60_000);

test('its commands are what the program takes', async () => {
  const { directory } = await followed();
  put(directory, 'jane.yaml');
  const looking = commands.filter((command) => !/ run /.test(command));
  expect(looking.length).toBeGreaterThan(10);
  for (const command of looking) {
    const { code, stderr } = await relaykeeper(...argumentsOf(command, directory));
    // 1 is an answer, such as that no message has the id of the page.
    expect({ command, usable: code === 0 || code === 1, stderr }).toMatchObject({ command, usable: true });
    if (!/outbox|explain/.test(command)) expect({ command, code, stderr }).toMatchObject({ command, code: 0 });
  }
}, 60_000);
