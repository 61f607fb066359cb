// What is known of a relay at the moment its status is written.
import type { ObservedReference, ProbeReport, SmtpRelaySpec, SmtpRelayStatus } from '../api/smtp-relay.ts';
import type { Violation } from '../api/violation.ts';

export type Effective = NonNullable<SmtpRelayStatus['effective']>;

export type Verdict =
  /** The spec cannot be used; only an edit can help. */
  | { readonly kind: 'rejected'; readonly violation: Violation }
  | { readonly kind: 'suspended' }
  /** Something that the spec refers to is missing or cannot be used. */
  | { readonly kind: 'unresolved'; readonly violation: Violation; readonly effective: Effective }
  /** A first probe of this spec is under way. */
  | { readonly kind: 'probing'; readonly effective: Effective }
  | {
      readonly kind: 'probed';
      readonly report: ProbeReport;
      readonly spec: SmtpRelaySpec;
      readonly effective: Effective;
      readonly references: readonly ObservedReference[];
      readonly consecutiveFailures: number;
      /** Whether a failure turns Ready to False at once: the first probe of a spec or of changed references. */
      readonly countsAtOnce: boolean;
      /** Where the login rests, and so was not tried: what was seen when it was refused. */
      readonly refusal?: ProbeReport;
    };
