// Policies of manifest files given on the command line, with what stands beside them there: no operator, no state.
import { randomBytes } from 'node:crypto';
import { type Key, keyText } from '../api/resource.ts';
import type { DeclarationOptions, DeclaredObject, OwnKindName } from '../store/directory/declared-object.ts';
import { createFingerprint } from '../store/directory/fingerprint.ts';
import { listTree, lookAt } from '../store/directory/list-tree.ts';
import { isManifestName } from '../store/directory/manifest-name.ts';
import { createManifestSet, type ManifestSet } from '../store/directory/manifest-set.ts';
import { createPolicyView } from '../store/directory/policy-view.ts';
import { readDeclared } from '../store/directory/read-declared.ts';
import { readManifest } from '../store/directory/read-manifest.ts';
import type { FileChange } from '../store/directory/settling.ts';
import { createPasswordMark } from '../store/password-mark.ts';
import type { WriteResult } from '../store/store.ts';
import type { StoredObject } from '../store/stored-object.ts';
import { UnusableArgument } from './io.ts';
import type { PolicySources } from './policy-sources.ts';
import { readStdin, stdinName } from './stdin-manifest.ts';

export type ManifestPolicies = Pick<PolicySources, 'store' | 'relays'>;

export interface ManifestOptions {
  /** Of objects that name none. */
  readonly namespace: string;
  readonly stdin: AsyncIterable<Buffer | string>;
}

/** The path `-` is standard input. */
export async function manifestPolicies(
  paths: readonly string[],
  { namespace, stdin }: ManifestOptions,
): Promise<ManifestPolicies> {
  const key = randomBytes(32);
  // Read once, although its objects are looked at again.
  const piped = paths.includes('-') ? await readStdin(stdin) : undefined;
  const options: DeclarationOptions = {
    readText: async (path) => (path === stdinName && piped ? piped : readManifest(path)),
    namespace,
    fingerprint: createFingerprint(key),
    mark: createPasswordMark(key),
    firstSeen: () => new Date().toISOString(),
  };
  const manifests = createManifestSet(options);
  await manifests.apply(await filesAt(paths));
  const [problem] = manifests.problems().values();
  if (problem !== undefined) throw new UnusableArgument(problem);
  const read = (kind: 'Secret' | 'ConfigMap', object: Key) => readDeclared({ kind, ...object }, manifests, options);
  const nothing = async () => undefined;
  return {
    store: {
      ...createPolicyView(manifests),
      startPolicies: nothing,
      listPolicies: () => keysOf('NotificationPolicy', manifests),
      getPolicy: (policy) => stored('NotificationPolicy', policy, manifests),
      readAccountSecret: (account) => read('Secret', account),
      readTexts: (texts) => read('ConfigMap', texts),
      followTexts: () => undefined,
      writePolicyStatus: async () => notWritten,
      recordPolicyEvent: nothing,
      recordAccountEvent: nothing,
    },
    relays: {
      list: () => keysOf('SmtpRelay', manifests),
      get: (relay) => stored('SmtpRelay', relay, manifests),
      read: ({ kind, ...object }) => read(kind, object),
    },
  };
}

const notWritten: WriteResult = { kind: 'unavailable', message: 'Manifest files have no status.' };

async function filesAt(paths: readonly string[]): Promise<FileChange[]> {
  const found = new Map<string, string>();
  for (const path of paths) {
    if (path === '-') {
      found.set(stdinName, '');
      continue;
    }
    const look = await lookAt(path);
    switch (look.kind) {
      case 'file':
        found.set(path, look.stamp);
        break;
      case 'directory':
        for (const [file, stamp] of (await listTree(path, { isFile: isManifestName })).files) found.set(file, stamp);
        break;
      case 'absent':
        throw new UnusableArgument(`there is nothing at ${path}`);
      case 'unusable':
        throw new UnusableArgument(`${path}: ${look.message}`);
    }
  }
  return [...found].map(([path, stamp]) => ({ path, stamp }));
}

function keysOf(kind: OwnKindName, manifests: ManifestSet): Key[] {
  return [...manifests.objects()]
    .filter((object) => object.kind === kind)
    .map(({ namespace, name }) => ({ namespace, name }));
}

function stored(kind: OwnKindName, key: Key, manifests: ManifestSet): StoredObject<never> | undefined {
  const found = manifests.find(`${kind} ${keyText(key)}`);
  return found && storedObject(found);
}

function storedObject({ namespace, name, version, manifest }: DeclaredObject): StoredObject<never> {
  const metadata = { namespace, name, uid: version, generation: 1, resourceVersion: version };
  return { metadata, manifest, status: undefined };
}
