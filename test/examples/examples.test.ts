// Users copy the examples: `relaykeeper validate examples/` has nothing to say against them.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
