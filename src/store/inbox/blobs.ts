// What an inbox needs of where it is kept: named blobs that are written once. Secrets of a cluster, or files.
import type { SegmentWrite } from '../segments.ts';

export interface Blobs {
  /** Tells of every one, then of what others make and remove, until the signal aborts; resolves once all were told. */
  follow(listener: BlobListener, signal: AbortSignal): Promise<void>;
  create(name: string, bytes: Buffer): Promise<SegmentWrite>;
  /** Undefined: it is gone. Rejects with a sentence. */
  read(name: string): Promise<Buffer | undefined>;
  /** Also one that is gone. Rejects with a sentence. */
  remove(name: string): Promise<void>;
}

export interface BlobListener {
  readonly made: (name: string) => void;
  readonly gone: (name: string) => void;
}
