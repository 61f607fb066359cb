// The port to what came in and was answered with 202: one durable record a request, written by any replica, read by one.

export type InboxPut =
  /** Durable. */
  | { readonly kind: 'kept' }
  /** The backlog is at its maximum: a sentence. */
  | { readonly kind: 'full'; readonly message: string }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface InboxRecord {
  readonly name: string;
  readonly body: Buffer;
}

export interface Inbox {
  /** Any size up to 8 MiB; what comes together may be written together. */
  put(body: Buffer): Promise<InboxPut>;
  /** The oldest ones first, complete ones only. Rejects with a sentence where they cannot be read. */
  read(limit: number): Promise<readonly InboxRecord[]>;
  /** Gone ones are as good as removed. Rejects with a sentence where one cannot be. */
  remove(names: readonly string[]): Promise<void>;
  /** Called when there may be something to read. */
  onArrival(listener: () => void): void;
  readonly size: { readonly records: number; readonly bytes: number };
  close(): Promise<void>;
}
