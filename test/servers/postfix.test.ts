// The server of other tests, tested itself: it greets, and leaves nothing behind, not even when its test is killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { debianPackages } from './debian-packages.ts';
import { startPostfix } from './postfix.ts';

const packages = await debianPackages(['postfix', 'dovecot-core']);
if (packages.kind === 'missing') console.warn(packages.why);

describe.skipIf(packages.kind === 'missing')('a Postfix for tests', { timeout: 120_000 }, () => {
  test('greets on its ports, and is gone once stopped', async () => {
    const authority = await createAuthority();
    const postfix = await startPostfix({ certificate: await authority.issue() });
    expect(await greeting(postfix.smtpPort)).toBe('220 mail.example.com ESMTP Postfix');
    expect(await greeting(postfix.submissionPort)).toBe('220 mail.example.com ESMTP Postfix');
    await postfix.stop();
    await expect(greeting(postfix.smtpPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(existsSync(postfix.directory)).toBe(false);
  });

  test('is gone soon after the process that started it was killed', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./postfix-main.ts', import.meta.url))], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(child.stdout, 'data');
    const { smtpPort, directory } = JSON.parse(String(line)) as { smtpPort: number; directory: string };
    expect(await greeting(smtpPort)).toMatch(/^220 /);
    child.kill('SIGKILL');
    const deadline = Date.now() + 60_000;
    while (existsSync(directory) && Date.now() < deadline) await delay(100);
    expect(existsSync(directory)).toBe(false);
    await expect(greeting(smtpPort)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

/** The first line that the server says. */
async function greeting(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const [data] = await once(socket, 'data');
  socket.end('QUIT\r\n');
  await once(socket, 'close');
  return String(data).trim();
}
