// Writes what an image holds besides the program: its bill of materials and the licences of its parts.
// `node scripts/image-documents.ts DIRECTORY`
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { billOfMaterials } from './image/bill-of-materials.ts';
import { lockedPackages } from './image/locked-packages.ts';
import { thirdPartyLicenses } from './image/third-party-licenses.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = async (name: string) => JSON.parse(await readFile(join(root, name), 'utf8'));
const [directory = join(root, 'dist')] = process.argv.slice(2);
const [manifest, lock] = [await read('package.json'), await read('package-lock.json')];
const bill = billOfMaterials({
  ...{ manifest, lock },
  nodeVersion: process.versions.node,
  sourceDateEpoch: process.env.SOURCE_DATE_EPOCH,
});
await mkdir(directory, { recursive: true });
await writeFile(join(directory, 'sbom.cdx.json'), `${JSON.stringify(bill, undefined, 2)}\n`);
await writeFile(join(directory, 'THIRD-PARTY-LICENSES'), await thirdPartyLicenses(root, lockedPackages(lock)));
