// Bundles the program: one small entry, and each command a chunk of its own, so that `probe` and `validate` never load
// the Kubernetes client.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

export async function bundle(directory: string): Promise<void> {
  await build({
    input: {
      main: source('cli/main.ts'),
      // Loaded as a thread, by its name beside the chunk that begins it (file-thread.ts).
      'serve-files': source('store/directory/serve-files.ts'),
    },
    platform: 'node',
    logLevel: 'warn',
    output: {
      dir: directory,
      format: 'esm',
      cleanDir: true,
      minify: true,
      entryFileNames: '[name].js',
      chunkFileNames: '[name]-[hash].js',
    },
  });
}

function source(path: string): string {
  return fileURLToPath(new URL(`../src/${path}`, import.meta.url));
}
