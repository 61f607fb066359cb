import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createDirectoryStore } from '../../../src/store/directory/directory-store.ts';
import type { StoredResource } from '../../../src/store/policy-store.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { eventually } from '../eventually.ts';
import { newFolders, writeFile } from './opened-store.ts';

async function setUp() {
  const folders = newFolders();
  const opened = await createDirectoryStore({ ...folders, pollInterval: 100, now: Date.now });
  if (opened.kind === 'failed') throw new Error(opened.message);
  const { store } = opened;
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const problems: StoreProblem[] = [];
  const problem = (told: StoreProblem) => void problems.push(told);
  const start = () => store.start({ relayChanged: () => {}, problem }, stop.signal);
  const follow = (kind: string, namespaces?: readonly string[]) => {
    const told: string[] = [];
    const changed = ({ namespace, name, object }: StoredResource) =>
      void told.push(`${namespace}/${name} ${JSON.stringify(object.status)}`);
    const gone = ({ namespace, name }: { namespace: string; name: string }) =>
      void told.push(`gone ${namespace}/${name}`);
    const complete = () => void told.push('complete');
    const listener = { changed, gone, complete, problem };
    store.followResources({ kind: { apiVersion: 'apps/v1', kind }, namespaces, ...listener }, stop.signal);
    return told;
  };
  return { ...folders, store, stop, problems, problem, start, follow };
}

function deployment(name: string, status: string, namespace = 'shop'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
status: { conditions: [{ type: Available, status: "${status}" }] }
`;
}

const shown = (status: string) => `{"conditions":[{"type":"Available","status":"${status}"}]}`;

test('resources are followed with the status that their manifests have', async () => {
  const { directory, start, follow } = await setUp();
  writeFile(directory, 'web.yaml', deployment('web', 'True'));
  writeFile(directory, 'bank.yaml', deployment('bank', 'False', 'bank'));
  const early = follow('Deployment', ['shop']);
  expect(early).toEqual([]);
  await start();
  expect(early).toEqual([`shop/web ${shown('True')}`, 'complete']);
  expect(follow('Deployment')).toEqual([`bank/bank ${shown('False')}`, `shop/web ${shown('True')}`, 'complete']);
  expect(follow('StatefulSet')).toEqual(['complete']);
  const path = writeFile(directory, 'web.yaml', deployment('web', 'False'));
  await eventually('it is changed', () => early.at(-1) === `shop/web ${shown('False')}`);
  rmSync(path);
  await eventually('it is gone', () => early.at(-1) === 'gone shop/web');
  expect(early).toHaveLength(4);
});

test('of an empty directory all is told at once', async () => {
  const { start, follow } = await setUp();
  await start();
  expect(follow('Deployment')).toEqual(['complete']);
});

test('that a directory has no Events is told as a warning, until nobody asks for them', async () => {
  const { store, stop, problems, problem } = await setUp();
  store.followEvents({ namespaces: undefined, seen: () => {}, problem }, stop.signal);
  expect(problems).toEqual([
    {
      subject: 'follow Events',
      message: expect.stringMatching(/^A directory has no Kubernetes Events/),
      warning: true,
    },
  ]);
  stop.abort();
  expect(problems.at(-1)?.message).toBeUndefined();
});

test('a Secret is never followed', async () => {
  const { problems, start, follow } = await setUp();
  await start();
  expect(follow('Secret')).toEqual([]);
  expect(problems.at(-1)?.message).toContain('Secrets are never listed as resources');
});
