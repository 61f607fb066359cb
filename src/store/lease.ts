// The port to a Lease (coordination.k8s.io/v1), as leader election uses it.

export interface LeaseRecord {
  /** Who holds it; empty when released. */
  readonly holderIdentity: string;
  readonly leaseDurationSeconds: number;
  /** RFC 3339 with microseconds. */
  readonly acquireTime: string;
  readonly renewTime: string;
  readonly leaseTransitions: number;
}

export type LeaseRead =
  | { readonly kind: 'found'; readonly record: LeaseRecord; readonly version: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly message: string };

export type LeaseWrite =
  | { readonly kind: 'written'; readonly version: string }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly message: string };

/** Optimistic concurrency: a write names the version it read, or undefined to create. */
export interface LeaseStore {
  read(name: string, signal: AbortSignal): Promise<LeaseRead>;
  write(name: string, record: LeaseRecord, version: string | undefined, signal: AbortSignal): Promise<LeaseWrite>;
  /** Whatever it is now. One that cannot be removed stays, and does no harm. */
  remove(name: string, signal: AbortSignal): Promise<void>;
}
