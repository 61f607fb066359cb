// The port to a small map of texts that outlives its holder: changes are appended, and whoever takes over reads them all.

export type JournalWrite =
  | { readonly kind: 'written' }
  /** Another holder has written meanwhile: this one must stop. Nothing of it was written. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface Journal {
  /** Everything as it was last written. Rejects with a sentence where it cannot be read. To be called once, first. */
  load(): Promise<ReadonlyMap<string, string>>;
  /** All or nothing, durable once it resolves as written; undefined takes a text away. One at a time. */
  write(changes: ReadonlyMap<string, string | undefined>): Promise<JournalWrite>;
  readonly size: { readonly texts: number; readonly segments: number; readonly bytes: number };
}
