// What of the chart comes from elsewhere is as `npm run generate` would write it.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { documentedValues } from '../../scripts/chart/documented-values.ts';
import { findHelm } from '../../scripts/chart/find-helm.ts';
import { generatedChartFiles } from '../../scripts/chart/generated-chart-files.ts';
import { installManifest } from '../../scripts/chart/install-manifest.ts';
import { chart, describeWithHelm, podOf, root } from './helm.ts';
import { manifestsIn } from './manifest.ts';

const files = await generatedChartFiles(root);

test.each([...files].map(([path, text]) => ({ path: relative(root, path), text })))(
  '$path is current',
  async ({ path, text }) => {
    expect(await readFile(join(root, path), 'utf8')).toBe(text);
  },
);

test('a value without a description is refused', () => {
  expect(() => documentedValues('# -- One.\na: 1\nb:\n  # -- Two.\n  c: 2\n  d: 3\n')).toThrow(
    'b.d has no description',
  );
});

test('what stands below a described value belongs to it', () => {
  const text = '# -- All.\n# @schema {additionalProperties: true}\na:\n  b: 1\n# -- Other.\nc: []\n';
  expect(documentedValues(text)).toEqual([
    { path: ['a'], description: 'All.', default: { b: 1 }, schema: { additionalProperties: true } },
    { path: ['c'], description: 'Other.', default: [], schema: {} },
  ]);
});

describeWithHelm('deploy/install.yaml', () => {
  const file = join(root, 'deploy', 'install.yaml');

  test('is what the chart makes without values', async () => {
    const found = await findHelm(process.env);
    const text = found.kind === 'found' ? await installManifest(found.helm, chart) : '';
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  test('pins the version of the program', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const manifests = manifestsIn(await readFile(file, 'utf8'));
    expect(podOf(manifests).containers[0].image).toBe(`ghcr.io/relaykeeper/relaykeeper:${version}`);
    expect(JSON.stringify(manifests)).not.toMatch(/helm/i);
  });
});
