// Bundles the program: one small entry, and each command a chunk of its own, so that `probe` and `validate` never load
// the Kubernetes client.
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

export interface BundleOptions {
  /** Shown by `relaykeeper version`. */
  readonly commit?: string | undefined;
}

export async function bundle(directory: string, { commit }: BundleOptions = {}): Promise<void> {
  await build({
    input: { main: fileURLToPath(new URL('../src/cli/main.ts', import.meta.url)) },
    platform: 'node',
    logLevel: 'warn',
    ...(commit !== undefined && { transform: { define: { RELAYKEEPER_COMMIT: JSON.stringify(commit) } } }),
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
