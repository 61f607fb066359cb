// docs/tutorial.md without a cluster, step by step.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { relaykeeper } from '../cli/from-sources.ts';
import { eventually } from '../store/eventually.ts';
import { blocksOf, mended, startTutorial } from './tutorial.ts';

const commands = blocksOf('sh').flatMap((text) => text.trim().split('\n'));

/** Of the page's commands, the one that begins like this, on this directory. */
function command(beginning: string, directory: string): string[] {
  const found = commands.find((line) => line.startsWith(`npx relaykeeper ${beginning}`));
  if (found === undefined) throw new Error(`the page has no command ${beginning}`);
  return found
    .split(' ')
    .slice(2)
    .map((word) => word.replace(/^mail\/$/, directory));
}

test('from the relay that fails to the mail that arrives, each step says what the page says', async () => {
  const { directory, put, shown } = await startTutorial();
  put('relay.yaml');
  const refused = await relaykeeper(...command('probe', directory));
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('Failed at Tls: CertificateUntrusted') });
  expect(refused.stdout).toContain('the issuer "CN=Tutorial CA" of "CN=localhost" was not sent');

  put('relay.yaml', mended);
  const passed = await relaykeeper(...command('probe', directory));
  expect(passed).toMatchObject({ code: 0, stdout: expect.stringContaining('STARTTLS TLSv1.3, logged in with PLAIN') });

  put('policy.yaml');
  for (const beginning of ['validate', 'preview', 'send-test']) {
    expect(await relaykeeper(...command(beginning, directory))).toMatchObject({ code: 0, stderr: '' });
  }
  await eventually('the test mail is shown', () => shown().includes('To: you@example.com'));

  const operator = spawn(process.execPath, ['src/cli/main.ts', ...command('run', directory)], { stdio: 'pipe' });
  const ended = once(operator, 'exit');
  onTestFinished(() => void operator.kill('SIGKILL'));
  let output = '';
  operator.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  await eventually('the policy is ready', () => output.includes('policy mail/guests Ready=True'));
  put('jane.yaml');
  await eventually('the mail is shown', () => shown().includes('Password: correct-horse-7'));
  put('jane.yaml', (text) => text.replace('correct-horse-7', 'correct-horse-8'));
  await eventually('the new password is mailed', () => shown().includes('Password: correct-horse-8'));
  await eventually('explain says so', async () => {
    const { stdout } = await relaykeeper(...command('explain', directory));
    return /guest-credentials +mail\/jane-doe +Sent +mail\/local: 250 /.test(stdout);
  });
  operator.kill('SIGINT');
  await ended;
}, 120_000);
