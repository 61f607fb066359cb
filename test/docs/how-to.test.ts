// The manifests of the how-to guides are ones that a user may apply.
import { expect, test } from 'vitest';
import { readManifestText } from '../../src/api/manifest/read-manifests.ts';
import { validateManifests } from '../../src/api/validate-manifests.ts';
import { pages } from './pages.ts';

const guides = pages.filter(({ path }) => path.startsWith('docs/how-to/'));

/** Also those inside of a list, without its indent. */
const manifests = guides.flatMap(({ path, text }) =>
  [...text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)]
    .map(([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
    .filter((block) => /^apiVersion:/m.test(block))
    .map((block) => ({ path, block })),
);

test.each(manifests)('$path: $block', ({ path, block }) => {
  const files = [readManifestText(path, block)];
  const { problems } = validateManifests(files, { namespace: 'default', allowMissingReferences: true });
  expect(problems).toEqual([]);
});

test('there are such manifests', () => {
  expect(manifests.length).toBeGreaterThan(4);
});
