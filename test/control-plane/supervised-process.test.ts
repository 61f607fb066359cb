import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test, vi } from 'vitest';

/** What a test run does, until it is killed. */
const run = `
  const { startSupervised } = await import(process.argv[1]);
  const directory = process.argv[2];
  const child = await startSupervised('sleep', ['600'], { logFile: directory + '/log', directory });
  console.log(child.pid);
  setInterval(() => undefined, 1_000);
`;

test('a child and its directory go when we are killed, though no handler of ours runs then', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'relaykeeper-supervised-'));
  const module = join(import.meta.dirname, 'supervised-process.ts');
  const parent = spawn(process.execPath, ['--input-type=module', '-e', run, module, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  const pid = Number(line);
  expect(lives(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect([lives(pid), existsSync(directory)]).toEqual([false, false]), { timeout: 20_000 });
});

/** One that is dead but that nobody has asked after, as in a container without an init, counts as dead. */
function lives(pid: number): boolean {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && !stdout.startsWith('Z');
}
