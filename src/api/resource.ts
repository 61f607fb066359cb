// What every Kubernetes-shaped object carries, as far as Relaykeeper reads it.

/** Names one object of a known kind. */
export interface Key {
  readonly namespace: string;
  readonly name: string;
}

/** The part of metav1.ObjectMeta that Relaykeeper reads (Kubernetes API conventions, "Metadata"). */
export interface ObjectMeta {
  name: string;
  namespace: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** `namespace/name`, the form in logs, maps and messages. */
export function keyText(key: Key): string {
  return `${key.namespace}/${key.name}`;
}

/** The key that `keyText` made the text of; names hold no slash. */
export function keyFromText(text: string): Key {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name };
}

export function keyOf(object: { metadata: ObjectMeta }): Key {
  return { namespace: object.metadata.namespace, name: object.metadata.name };
}
