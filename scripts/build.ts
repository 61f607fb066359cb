import { fileURLToPath } from 'node:url';
import { builtCommit } from './built-commit.ts';
import { bundle } from './bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
await bundle(fileURLToPath(new URL('../dist', import.meta.url)), { commit: await builtCommit(root, process.env) });
