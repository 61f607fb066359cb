// What reading one file of manifests gives: its documents with positions, and what is wrong in it.

/** Where something stands; both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface FileProblem {
  /** The file as it was named to us. */
  readonly file: string;
  readonly position: Position | undefined;
  /** The document's object where it is known, such as `SmtpRelay mail/corporate`. */
  readonly object: string | undefined;
  /** In the API server's form, such as `spec.tls.mode`; empty for the whole document. */
  readonly fieldPath: string;
  /** What is wrong and what would be right. */
  readonly message: string;
  /** Only a warning: the document can be used. */
  readonly warning: boolean;
}

export interface ManifestDocument {
  readonly file: string;
  /** From 0. */
  readonly index: number;
  readonly position: Position;
  /** The parsed document, a mapping with apiVersion and kind. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the field stands (path in the API server's form), or its nearest ancestor that is written. */
  readonly positionOf: (fieldPath: string) => Position;
}

export interface ManifestFile {
  readonly documents: readonly ManifestDocument[];
  readonly problems: readonly FileProblem[];
}
