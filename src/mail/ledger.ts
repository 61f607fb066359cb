// The port to the ledger: what was sent, so that nothing is sent twice.

export interface LedgerRecord {
  /** `messageId(identity)`. */
  readonly id: string;
  /** `namespace/name` of the subject. */
  readonly subject: string;
  /** Milliseconds since the epoch; undefined: while the subject exists. */
  readonly keepUntil: number | undefined;
}

export interface Ledger {
  has(id: string): boolean;
  /**
   * Durable once it resolves; what comes together is written together. Rejects with a sentence where it cannot be written.
   * `onWritten` is called before, where the end of this process would undo it no more while a crash of the machine might.
   */
  add(record: LedgerRecord, onWritten?: () => void): Promise<void>;
  /** Afterwards `has` knows what other replicas had written before the call. Rejects where they cannot be asked. */
  refresh(): Promise<void>;
  /** Drops what nobody needs any more and joins small segments. */
  compact(options: { readonly now: number; readonly subjectExists: (subject: string) => boolean }): Promise<void>;
  readonly size: { readonly records: number; readonly segments: number; readonly bytes: number };
}
