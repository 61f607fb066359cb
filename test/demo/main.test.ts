// `npm start` as a user runs it: a process of its own, on no terminal.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demoRelays } from '../../demo/relays.ts';

describe('npm start', { timeout: 90_000 }, () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'relaykeeper-demo-test-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  function start(...args: string[]) {
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../demo/main.ts'), ...args], {
      env: { ...process.env, TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, ended: ended(child), stderr: text(child.stderr) };
  }

  test('-- --once shows every relay and what to do about each that fails, ends with 0 and leaves nothing', async () => {
    const { child, ended, stderr } = start('--once');
    const output = await text(child.stdout);
    const unwrapped = output.replace(/\s+/g, ' ');
    expect(await ended).toBe(0);
    expect(await stderr).toBe('');
    expect(output).toMatch(/^NAME +HOST +PORT +TLS +READY +REASON +CERT EXPIRES +LAST PROBE +AGE$/m);
    for (const { name } of demoRelays) expect(output).toMatch(new RegExp(`^${name} +localhost `, 'm'));
    expect(unwrapped).toContain('Correct the keys "username" and "password" of Secret "wrong-password"');
    expect(unwrapped).toContain('speaks HTTP, not SMTP');
    expect(output).toMatch(/^guests +starttls +True +Running +1 +0 +0 /m);
    expect(output).toContain('To: jane@visitor.example');
    expect(output).toContain('Password: demo-7-lighthouse');
    expect(output).not.toContain('\u001b');
    expect(output).not.toContain('hunter2');
    expect(output).not.toContain(directory);
    expect(await readdir(directory)).toEqual([]);
  });

  test('goes on until it is interrupted, says where the manifests are, and leaves nothing', async () => {
    const { child, ended } = start();
    const output = await outputUntil(child, /mail\/plain Ready=True/);
    const manifests = /^Their manifests: (\S+)/m.exec(output)?.[1] ?? '';
    expect(existsSync(join(manifests, 'plain.yaml'))).toBe(true);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(await readdir(directory)).toEqual([]);
  });

  test('ends when nobody reads it any more', async () => {
    const { child, ended, stderr } = start();
    await outputUntil(child, /Their manifests/);
    child.stdout.destroy();
    expect(await ended).toBe(0);
    expect(await stderr).toBe('');
    expect(await readdir(directory)).toEqual([]);
  });

  test('explains itself, and refuses what it does not know', async () => {
    const help = start('--help');
    expect(await text(help.child.stdout)).toContain('--once');
    expect(await help.ended).toBe(0);
    const unknown = start('--twice');
    expect(await unknown.stderr).toContain("unknown option '--twice'");
    expect(await unknown.ended).toBe(2);
  });
});

/** Reads on until this was printed; what comes later is thrown away. */
function outputUntil(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += String(chunk);
      if (wanted.test(output)) resolve(output);
    });
    child.once('exit', () => reject(new Error(`ended without ${wanted}:\n${output}`)));
  });
}

async function ended(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit');
  return code;
}
