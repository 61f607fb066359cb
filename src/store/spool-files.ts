// The port to files of a spool: boxes of whole files, durable. One process at a time holds it.

export type FileWrite = { readonly kind: 'done' } | { readonly kind: 'unavailable'; readonly message: string };

export type FileRead =
  | { readonly kind: 'found'; readonly bytes: Buffer }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly message: string };

export interface ScannedFile {
  readonly name: string;
  /** Its first bytes, `startBytes` at most; to be read at once, the buffer is used again. */
  readonly start: Buffer;
  readonly bytes: number;
}

export interface SpoolFiles {
  /** In place of a file of this name: a reader and a crash see the one or the other, whole. Durable once it resolves as done. */
  write(box: string, name: string, content: readonly Buffer[]): Promise<FileWrite>;
  read(box: string, name: string): Promise<FileRead>;
  /** Done also where it was gone already. One that is not durable may be there again after a crash of the machine. */
  remove(box: string, name: string, options: { readonly durable: boolean }): Promise<FileWrite>;
  /** Every file of the box; rejects with a sentence where it cannot be read. */
  scan(box: string, see: (file: ScannedFile) => void): Promise<void>;
  /** Waits for what is under way and lets another process in. */
  close(): Promise<void>;
}

export const startBytes = 16 * 1_024;
