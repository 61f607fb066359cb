// The port to named records that replicas share: an outbox keeps a message in each. Optimistic concurrency: a change
// names the version that it saw.

/** All but the body, which only who takes a record reads. */
export interface RecordHead {
  readonly name: string;
  readonly version: string;
  readonly annotations: Readonly<Record<string, string>>;
}

export type RecordFault =
  /** It was changed since that version. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unavailable'; readonly message: string };

export type RecordFound = { readonly kind: 'found'; readonly head: RecordHead; readonly body: Buffer | undefined };

export interface NewRecord {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RecordChange {
  readonly name: string;
  readonly version: string;
  /** Of these names; null takes one away. Others stay. */
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly removeBody?: boolean;
}

export interface RecordListener {
  /** Never older than what was told before; told of our own changes before they resolve. */
  readonly changed: (head: RecordHead) => void;
  readonly gone: (name: string) => void;
}

export interface Records {
  /** Tells of every record, then of what changes, until the signal aborts. Resolves once all were told, or cannot be listed. */
  follow(listener: RecordListener, signal: AbortSignal): Promise<void>;
  /** Durable once it resolves as created. */
  create(record: NewRecord): Promise<{ readonly kind: 'created' } | { readonly kind: 'exists' } | RecordUnavailable>;
  read(name: string): Promise<RecordFound | RecordFault>;
  change(change: RecordChange): Promise<RecordFound | RecordFault>;
  /** Without a version whatever it is now. */
  remove(name: string, version?: string): Promise<{ readonly kind: 'removed' } | RecordFault>;
}

export type RecordUnavailable = Extract<RecordFault, { readonly kind: 'unavailable' }>;
