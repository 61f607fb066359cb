// A Secret or ConfigMap that a resource refers to, as far as it is read.

/** Its values are decoded. Held only while they are used, never cached. */
export interface ReferencedObject {
  readonly resourceVersion: string;
  /** The Secret's type, such as kubernetes.io/basic-auth; empty for a ConfigMap. */
  readonly type: string;
  readonly data: ReadonlyMap<string, Buffer>;
}
