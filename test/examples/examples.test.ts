// Users copy the examples: `relaykeeper validate examples/` has nothing to say against them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { readManifestText } from '../../src/api/manifest/read-manifests.ts';
import { validateManifests } from '../../src/api/validate-manifests.ts';

const directory = join(import.meta.dirname, '../../examples');
const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml'));
const read = async (name: string) => readManifestText(name, await readFile(join(directory, name), 'utf8'));

test.each(names)('%s is valid by itself, with all that it refers to, and warns of nothing', async (name) => {
  const { problems } = validateManifests([await read(name)], { namespace: 'default', allowMissingReferences: false });
  expect(problems).toEqual([]);
});

test('each file but the namespace declares one relay, and no two the same', async () => {
  const files = await Promise.all(names.map(read));
  const { problems, relays } = validateManifests(files, { namespace: 'default', allowMissingReferences: false });
  expect(problems).toEqual([]);
  expect(relays).toBe(names.length - 1);
});

test('those for GitOps are valid, too, and wait for policies that are among the examples', async () => {
  const nested = (await readdir(join(directory, 'gitops'), { recursive: true })).filter((name) =>
    name.endsWith('.yaml'),
  );
  expect(nested.length).toBeGreaterThan(2);
  const files = await Promise.all([...names, ...nested.map((name) => join('gitops', name))].map(read));
  const { problems } = validateManifests(files, { namespace: 'default', allowMissingReferences: false });
  expect(problems).toEqual([]);

  const flux = loadAll(await readFile(join(directory, 'gitops/flux/kustomizations.yaml'), 'utf8')) as Kustomization[];
  const awaited = flux.flatMap(({ spec: { healthChecks = [] } }) => healthChecks);
  expect(awaited.length).toBeGreaterThan(0);
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  const declared = texts.flatMap((text) => loadAll(text) as Declared[]);
  for (const { apiVersion, kind, name, namespace } of awaited) {
    expect(declared).toContainEqual(expect.objectContaining({ apiVersion, kind, metadata: { name, namespace } }));
  }
});

interface Kustomization {
  readonly spec: { readonly healthChecks?: readonly (Omit<Declared, 'metadata'> & Declared['metadata'])[] };
}

interface Declared {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}
