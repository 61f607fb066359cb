// One thing wrong, or odd, in a set of manifests, with its place.
import type { ManifestDocument, Position } from './manifest-file.ts';

export interface ValidationProblem {
  readonly file: string;
  readonly position: Position | undefined;
  readonly severity: 'error' | 'warning';
  /** Such as `SmtpRelay mail/corporate`; undefined where a document does not say what it is. */
  readonly object: string | undefined;
  readonly fieldPath: string;
  /** Undefined for what is wrong with the file itself. */
  readonly reason: string | undefined;
  readonly message: string;
}

/** A problem of an object whose place is still to be found. */
export interface Found {
  readonly fieldPath: string;
  readonly reason: string;
  readonly message: string;
  /** Absent: an error. */
  readonly severity?: ValidationProblem['severity'];
}

export function problemAt(
  document: ManifestDocument,
  { object, fieldPath, reason, message, severity = 'error' }: Found & { readonly object: string | undefined },
): ValidationProblem {
  const position = document.positionOf(fieldPath);
  return { file: document.file, position, severity, object, fieldPath, reason, message };
}

export function placeText({ file, position }: ManifestDocument): string {
  return `${file}:${position.line}`;
}
