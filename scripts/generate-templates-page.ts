// Writes docs/templates.md.
import { writeFile } from 'node:fs/promises';
import { templatesPage } from './templates-page.ts';

await writeFile(new URL('../docs/templates.md', import.meta.url), templatesPage());
