// The directory adapter behaves as the Store port asks: one file an object.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDirectoryStore } from '../../../src/store/directory/directory-store.ts';
import { type StoreWorld, storeConformance } from '../store-conformance.ts';
import { temporaryDirectory } from './temporary-directory.ts';

storeConformance(async (): Promise<StoreWorld> => {
  const directory = temporaryDirectory();
  const stateDirectory = temporaryDirectory();
  const fileOf = (kind: string, namespace: string, name: string) =>
    join(directory, namespace, `${kind.toLowerCase()}-${name}.yaml`);
  const write = (path: string, value: unknown) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(value));
  };

  return {
    namespace: 'mail',
    otherNamespace: 'other',
    async open() {
      const opened = await createDirectoryStore({ directory, stateDirectory, now: Date.now });
      if (opened.kind === 'failed') throw new Error(opened.message);
      return opened.store;
    },
    async apply(manifest) {
      write(fileOf(manifest.kind, manifest.metadata.namespace, manifest.metadata.name), manifest);
    },
    async remove(kind, { namespace, name }) {
      rmSync(fileOf(kind, namespace, name));
    },
    async overwriteStatus({ namespace, name }, status) {
      write(join(stateDirectory, 'status', namespace, 'SmtpRelay', `${name}.yaml`), { status });
    },
  };
});
