// One thing to probe, however it was named.
import type { ProbeDepth, ProbeWarning } from '../api/smtp-relay.ts';
import type { RelayTarget } from '../smtp/relay-target.ts';

/** What cannot be probed: its spec is wrong, or something that it refers to is missing. The test has failed. */
export interface ImpossibleTarget {
  readonly kind: 'impossible';
  readonly message: string;
}

export interface NamedTarget {
  readonly kind: 'target';
  /** For a person: `SmtpRelay mail/corporate`, or the endpoint. */
  readonly title: string;
  readonly target: RelayTarget;
  readonly depth: ProbeDepth;
  /** What is odd about what it was made from. */
  readonly warnings: readonly Readonly<ProbeWarning>[];
}
