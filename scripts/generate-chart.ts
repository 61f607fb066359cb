// Writes what of charts/relaykeeper and deploy/ comes from elsewhere: the definitions from crds/, schema and README from
// values.yaml, deploy/install.yaml from the chart itself. Version and appVersion are package.json's.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findHelm } from './chart/find-helm.ts';
import { generatedChartFiles } from './chart/generated-chart-files.ts';
import { installManifest } from './chart/install-manifest.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const [path, text] of await generatedChartFiles(root)) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
const found = await findHelm(process.env);
if (found.kind === 'found') {
  const text = await installManifest(found.helm, `${root}/charts/relaykeeper`);
  await writeFile(`${root}/deploy/install.yaml`, text);
} else {
  process.stderr.write(`deploy/install.yaml is not generated: ${found.remedy}\n`);
  process.exitCode = 1;
}
