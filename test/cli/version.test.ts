import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { bundle } from '../../scripts/bundle.ts';
import { run } from '../control-plane/run.ts';
import { relaykeeper } from './from-sources.ts';

const platform = `${process.platform}/${process.arch}`;

test('says what runs, and on what', async () => {
  const { code, stdout } = await relaykeeper('version');
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: `relaykeeper ${manifest.version}\nAPI relaykeeper.dev/v1alpha1, Node ${process.versions.node}, ${platform}\n`,
  });
});

test('as JSON, null where the commit is not known', async () => {
  const { stdout } = await relaykeeper('version', '-o', 'json');
  const facts = {
    version: manifest.version,
    commit: null,
    api: 'relaykeeper.dev/v1alpha1',
    node: process.versions.node,
    platform,
  };
  expect(JSON.parse(stdout)).toEqual(facts);
});

test('a build that knows its commit says so', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'relaykeeper-version-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}\n');
  await bundle(join(directory, 'dist'), { commit: '0123456789abcdef' });
  const { stdout } = await run(process.execPath, [join(directory, 'dist/main.js'), 'version'], {});
  expect(stdout).toContain(`relaykeeper ${manifest.version} (commit 0123456789abcdef)\n`);
}, 60_000);
