// What policies look at, as the manifests declare it.
import type {
  PolicyStore,
  ResourceKind,
  ResourceList,
  StoredAccount,
  StoredCertificate,
  StoredNamespace,
} from '../policy-store.ts';
import { refusedKind } from '../refused-kind.ts';
import type { DeclaredObject } from './declared-object.ts';
import { type DeclaredResource, isNamespace } from './declared-resource.ts';
import type { ManifestSet } from './manifest-set.ts';
import { objectText } from './object-index.ts';
import { textEntries } from './text-entries.ts';

export type PolicyView = Pick<
  PolicyStore,
  | 'accounts'
  | 'account'
  | 'certificates'
  | 'resources'
  | 'namespaces'
  | 'whyUnseen'
  | 'whyNamespacesUnseen'
  | 'accountsComplete'
  | 'policiesComplete'
>;

export function createPolicyView(manifests: ManifestSet): PolicyView {
  return {
    accounts: (namespace) => objectsIn(manifests, namespace).flatMap(accountOf),
    account(key) {
      const declared = manifests.find(objectText({ kind: 'Secret', ...key }));
      return declared && accountOf(declared)[0];
    },
    certificates: async (namespace) => objectsIn(manifests, namespace).flatMap(certificateOf),
    resources: async (kind, namespace) => resources(manifests, kind, namespace),
    namespaces: () => namespaces(manifests),
    whyUnseen: () => undefined,
    whyNamespacesUnseen: () => undefined,
    accountsComplete: () => manifests.isComplete(),
    policiesComplete: () => manifests.isComplete(),
  };
}

function objectsIn(manifests: ManifestSet, namespace: string): DeclaredObject[] {
  return [...manifests.objects()].filter((object) => object.namespace === namespace);
}

function accountOf({ subject }: DeclaredObject): StoredAccount[] {
  return subject?.kind === 'account' ? [subject.account] : [];
}

function certificateOf({ subject }: DeclaredObject): StoredCertificate[] {
  return subject?.kind === 'certificate' ? [subject.certificate] : [];
}

function resources(manifests: ManifestSet, kind: ResourceKind, namespace: string): ResourceList {
  const refused = refusedKind(kind);
  if (refused) return { kind: 'unavailable', message: refused };
  const found = manifests.resources(kind).filter((resource) => resource.namespace === namespace);
  return {
    kind: 'found',
    resources: found.map(({ name, labels, object }) => ({ namespace, name, labels, object })),
  };
}

/** A namespace that is only named exists too, without labels: few directories declare theirs. */
function namespaces(manifests: ManifestSet): StoredNamespace[] {
  const found = new Map<string, StoredNamespace>();
  for (const { namespace } of manifests.objects()) found.set(namespace, bare(namespace));
  for (const resource of manifests.resources()) {
    if (!isNamespace(resource)) found.set(resource.namespace, bare(resource.namespace));
  }
  for (const declared of manifests.resources({ apiVersion: 'v1', kind: 'Namespace' })) {
    found.set(declared.name, declaredNamespace(declared));
  }
  return [...found.values()];
}

function bare(name: string): StoredNamespace {
  return { name, labels: {}, annotations: {} };
}

function declaredNamespace({ name, labels, object }: DeclaredResource): StoredNamespace {
  const { annotations } = object.metadata as { readonly annotations?: unknown };
  return { name, labels, annotations: textEntries(annotations) ?? {} };
}
