// The port to small named blobs that are written once: a directory's files, or Secrets of a cluster.

export type SegmentWrite =
  | { readonly kind: 'written' }
  | { readonly kind: 'exists' }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface Segments {
  /** Durable once it resolves; refuses a name that is there. At most 512 KiB. */
  create(name: string, bytes: Buffer): Promise<SegmentWrite>;
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Buffer | undefined>;
  remove(name: string): Promise<void>;
}
