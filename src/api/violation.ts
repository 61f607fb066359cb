// What is wrong with something a user wrote, and where.
import type { Reason } from './reasons.ts';

/** One thing wrong with a resource or with what it refers to. */
export interface Violation {
  readonly reason: Reason;
  /** Path of the field in the API server's form, such as `spec.tls.caSecretRef.name`; empty for the whole object. */
  readonly fieldPath: string;
  /** What is wrong and what is right, without the field path. Never holds a secret. */
  readonly message: string;
}
