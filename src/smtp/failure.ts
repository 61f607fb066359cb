// How a stage of a conversation fails: a value, never an exception.
import type { Reason, Stage } from '../api/reasons.ts';
import type { Reply } from './reply.ts';

export interface Failure {
  readonly stage: Stage;
  readonly reason: Reason;
  /** What happened, one sentence or two, with the evidence; no remedy and no secret. */
  readonly what: string;
  /** What to do about it; the table's remedy where undefined. */
  readonly remedy: string | undefined;
  readonly reply: Reply | undefined;
}
