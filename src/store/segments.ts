// The port to small named blobs that are written once: a directory's files, or Secrets of a cluster. Where a store can, one
// also grows until it is full.

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
  /** Makes one that grows, unless the name is there. Absent where nothing can be changed that was written. */
  readonly grow?: (name: string) => Promise<GrowingSegment | GrowthFault>;
}

/** Listed and read as the others are, from when it is made. */
export interface GrowingSegment {
  readonly kind: 'growing';
  /** Once it resolves, the end of this process undoes it no more; a crash of the machine may. One at a time. */
  append(bytes: Buffer): Promise<GrowthFault | undefined>;
  /** Once it resolves, nothing undoes what was appended before the call. */
  sync(): Promise<GrowthFault | undefined>;
  /** Nothing is appended any more. A fault loses nothing that was synced. */
  close(): Promise<GrowthFault | undefined>;
}

export type GrowthFault = Extract<SegmentWrite, { kind: 'unavailable' }>;
