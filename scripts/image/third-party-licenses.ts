// The licences of what is bundled, as their texts ask to be kept with every copy.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LockedPackage } from './locked-packages.ts';

/** `root` is the directory with the node_modules. */
export async function thirdPartyLicenses(root: string, packages: readonly LockedPackage[]): Promise<string> {
  const parts = await Promise.all(packages.map((one) => part(root, one)));
  return `Relaykeeper is made of these packages, too.\n\n${parts.join('\n')}`;
}

const line = '-'.repeat(80);

async function part(root: string, { path, name, version, license }: LockedPackage): Promise<string> {
  const directory = join(root, path);
  const names = (await readdir(directory)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(names.map((file) => readFile(join(directory, file), 'utf8')));
  const heading = `${line}\n${name} ${version}${license ? `, ${license}` : ''}\n${line}\n`;
  return `${heading}${texts.map((text) => `${text.trim()}\n`).join('\n')}`;
}
