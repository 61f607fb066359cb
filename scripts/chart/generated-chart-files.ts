// The files of the chart that come from elsewhere, as they ought to be.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartReadme } from './chart-readme.ts';
import { documentedValues } from './documented-values.ts';
import { valuesSchema } from './values-schema.ts';

/** Path → text. */
export async function generatedChartFiles(root: string): Promise<ReadonlyMap<string, string>> {
  const chart = join(root, 'charts', 'relaykeeper');
  const values = documentedValues(await readFile(join(chart, 'values.yaml'), 'utf8'));
  const files = new Map([
    [join(chart, 'values.schema.json'), valuesSchema(values)],
    [join(chart, 'README.md'), chartReadme(values)],
    [join(chart, 'Chart.yaml'), await versioned(root, join(chart, 'Chart.yaml'))],
  ]);
  for (const name of await readdir(join(root, 'crds'))) {
    files.set(join(chart, 'files', 'crds', name), await readFile(join(root, 'crds', name), 'utf8'));
  }
  return files;
}

async function versioned(root: string, path: string): Promise<string> {
  const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const text = await readFile(path, 'utf8');
  return text.replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`);
}
