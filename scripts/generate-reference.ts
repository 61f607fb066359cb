// Writes docs/reference/.
import { mkdir, writeFile } from 'node:fs/promises';
import { referencePages } from './reference/pages.ts';

const directory = new URL('../docs/reference/', import.meta.url);
await mkdir(directory, { recursive: true });
for (const [name, text] of referencePages()) await writeFile(new URL(name, directory), text);
