// The directory adapter behaves as the PolicyStore port asks: one file an object.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDirectoryStore } from '../../../src/store/directory/directory-store.ts';
import { type PolicyWorld, policyConformance, type WorldEvent } from '../policy-conformance.ts';
import { temporaryDirectory } from './temporary-directory.ts';

policyConformance(async (): Promise<PolicyWorld> => {
  const directory = temporaryDirectory();
  const stateDirectory = temporaryDirectory();
  const fileOf = (kind: string, name: string, namespace = 'cluster') =>
    join(directory, namespace, `${kind.toLowerCase()}-${name}.yaml`);
  const write = (path: string, value: unknown) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(value));
  };

  return {
    namespace: 'mail',
    otherNamespace: 'other',
    async open() {
      const opened = await createDirectoryStore({ directory, stateDirectory, pollInterval: 200, now: Date.now });
      if (opened.kind === 'failed') throw new Error(opened.message);
      return opened.store;
    },
    async apply(manifest) {
      const { name, namespace } = manifest.metadata;
      write(fileOf(manifest.kind, name, namespace), manifest);
    },
    async remove(kind, { namespace, name }) {
      rmSync(fileOf(kind, name, namespace));
    },
    async overwriteStatus({ namespace, name }, status) {
      write(join(stateDirectory, 'status', namespace, 'NotificationPolicy', `${name}.yaml`), { status });
    },
    async events(namespace) {
      const path = join(stateDirectory, 'events.jsonl');
      if (!existsSync(path)) return [];
      const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
      return lines
        .map((line): WorldEvent & { namespace: string } => JSON.parse(line))
        .filter((event) => event.namespace === namespace)
        .map(({ kind, name, type, reason, note }) => ({ kind, name, type, reason, note }));
    },
  };
});
