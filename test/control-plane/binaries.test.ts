import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cacheDirectory, findBinaries } from './binaries.ts';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'relaykeeper-binaries-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function fill(directory: string, programs = ['etcd', 'kube-apiserver', 'kubectl']): string {
  mkdirSync(directory, { recursive: true });
  for (const program of programs) writeFileSync(join(directory, program), '');
  return directory;
}

/** An environment in which nothing can be built. */
const withoutGo = () => ({ PATH: temporaryDirectory(), XDG_CACHE_HOME: temporaryDirectory() });
const quiet = () => undefined;

test('KUBEBUILDER_ASSETS comes first', async () => {
  const assets = fill(temporaryDirectory());
  const environment = { ...withoutGo(), KUBEBUILDER_ASSETS: assets };
  expect(await findBinaries(environment, quiet)).toMatchObject({ kind: 'found', from: assets });
});

test('KUBEBUILDER_ASSETS without all programs is said, not passed over', async () => {
  const environment = { ...withoutGo(), KUBEBUILDER_ASSETS: fill(temporaryDirectory(), ['etcd', 'kubectl']) };
  const result = await findBinaries(environment, quiet);
  expect(result).toMatchObject({ kind: 'missing', remedy: expect.stringContaining('lacks kube-apiserver;') });
});

test('the cache comes next', async () => {
  const environment = withoutGo();
  const cached = fill(cacheDirectory(environment));
  expect(await findBinaries(environment, quiet)).toMatchObject({ kind: 'found', from: cached });
});

test('without Go, and past the lock of a run that was killed, it says how to get them', async () => {
  const environment = withoutGo();
  const lock = `${cacheDirectory(environment)}.lock`;
  mkdirSync(dirname(lock), { recursive: true });
  // Above the largest pid that Linux gives.
  writeFileSync(lock, '4194305');
  const result = await findBinaries(environment, quiet);
  expect(result).toMatchObject({
    kind: 'missing',
    remedy: expect.stringMatching(/there is no `go`.*install Go.*KUBEBUILDER_ASSETS/),
  });
});
