import { defineConfig } from 'rolldown';

// One small entry; each command is a chunk of its own, so that `probe` and `validate` never load the Kubernetes client.
export default defineConfig({
  input: { main: 'src/cli/main.ts' },
  platform: 'node',
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    minify: true,
    sourcemap: false,
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  },
});
