// One thing to probe, however it was named.
import type { ProbeDepth, ProbeWarning } from '../api/smtp-relay.ts';
import type { RelayTarget } from '../smtp/relay-target.ts';

export interface NamedTarget {
  /** For a person: `SmtpRelay mail/corporate`, or the endpoint. */
  readonly title: string;
  readonly target: RelayTarget;
  readonly depth: ProbeDepth;
  /** What is odd about what it was made from. */
  readonly warnings: readonly Readonly<ProbeWarning>[];
}
