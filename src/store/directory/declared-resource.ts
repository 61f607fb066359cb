// Any object that a manifest declares, for policies that look at resources: kept whole, but never a Secret.
import { isObject, type JsonObject } from '../../api/json.ts';
import type { ManifestDocument } from '../../api/manifest/manifest-file.ts';
import type { StoredResource } from '../policy-store.ts';
import { type Metadata, namedMetadata, namesProblem } from './object-metadata.ts';
import { textEntries } from './text-entries.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

export interface DeclaredResource extends StoredResource {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Undefined also for what has no usable name: many a file beside manifests looks like one, such as a Kustomization. */
export function declaredResource(document: ManifestDocument, namespace: string): DeclaredResource | undefined {
  const { apiVersion, kind, ...rest } = document.value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || kind === 'Secret') return undefined;
  const metadata = namedMetadata(document.value.metadata, namespace);
  if (namesProblem(metadata)) return undefined;
  return {
    apiVersion,
    kind,
    // Namespaces are in no namespace.
    namespace: isNamespace(document.value) ? '' : String(metadata.namespace),
    name: String(metadata.name),
    labels: textEntries(metadata.labels) ?? {},
    object: { apiVersion, kind, ...rest, metadata: keptMetadata(metadata) },
  };
}

export function resourceText({ apiVersion, kind, namespace, name }: DeclaredResource): string {
  return `${apiVersion} ${kind} ${namespace}/${name}`;
}

export function isNamespace({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): boolean {
  return apiVersion === 'v1' && kind === 'Namespace';
}

/** As both stores keep it: without who set which field, and without a second copy of the manifest. */
function keptMetadata({ managedFields, annotations, ...kept }: Metadata): JsonObject {
  const { [lastApplied]: _, ...others } = isObject(annotations) ? annotations : {};
  return isObject(annotations) ? { ...kept, annotations: others } : kept;
}
