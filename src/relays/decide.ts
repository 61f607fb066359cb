// What to do about a relay now. Pure: facts in, plan out.
import { isDeepStrictEqual } from 'node:util';
import type { ObservedReference, ProbeReport, SmtpRelay, SmtpRelayStatus } from '../api/smtp-relay.ts';
import type { Violation } from '../api/violation.ts';
import { probeDelay } from './probe-schedule.ts';

/** The last probe of a relay, as this process ran it or found it in status. */
export interface LastProbe {
  readonly generation: number;
  readonly references: readonly ObservedReference[];
  readonly report: ProbeReport;
  readonly consecutiveFailures: number;
  /** When it ended and when the next one is due, milliseconds since the epoch. */
  readonly endedAt: number;
  readonly dueAt: number;
}

export interface Facts {
  readonly now: number;
  readonly generation: number;
  /** The relay with defaults applied, or what is wrong with it. */
  readonly spec:
    | { readonly kind: 'valid'; readonly relay: SmtpRelay }
    | { readonly kind: 'invalid'; readonly violation: Violation };
  /** Undefined where the spec does not allow to look: invalid or suspended. */
  readonly references:
    | { readonly kind: 'resolved'; readonly versions: readonly ObservedReference[] }
    | { readonly kind: 'violation'; readonly violation: Violation }
    | { readonly kind: 'unavailable'; readonly message: string }
    | undefined;
  readonly lastProbe: LastProbe | undefined;
  /** Set where a probe is asked for that was not answered yet. */
  readonly openRequest: string | undefined;
}

export type Plan =
  | { readonly kind: 'reject'; readonly violation: Violation }
  | { readonly kind: 'suspend' }
  | { readonly kind: 'reportUnresolved'; readonly violation: Violation }
  /** The store could not be asked; nothing is known to be wrong with the relay. */
  | { readonly kind: 'askAgain'; readonly message: string }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'probe'; readonly cause: 'New' | 'Changed' | 'Requested' | 'Due' };

export function decide({ now, generation, spec, references, lastProbe, openRequest }: Facts): Plan {
  if (spec.kind === 'invalid') return { kind: 'reject', violation: spec.violation };
  if (spec.relay.spec.suspend || !references) return { kind: 'suspend' };
  if (references.kind === 'violation') return { kind: 'reportUnresolved', violation: references.violation };
  if (references.kind === 'unavailable') return { kind: 'askAgain', message: references.message };
  if (lastProbe?.generation !== generation) return { kind: 'probe', cause: 'New' };
  if (!isDeepStrictEqual(lastProbe.references, references.versions)) return { kind: 'probe', cause: 'Changed' };
  if (openRequest !== undefined) return { kind: 'probe', cause: 'Requested' };
  const { dueAt, endedAt } = lastProbe;
  // One that lies ahead of us is of a clock that was set back since: it says nothing about when to probe next.
  if (now >= dueAt || now < endedAt) return { kind: 'probe', cause: 'Due' };
  return { kind: 'wait', milliseconds: dueAt - now };
}

/** The last probe as an earlier process left it in status; undefined where it was of another spec, or unfinished. */
export function recalledProbe(
  status: SmtpRelayStatus | undefined,
  { relay, generation, random }: { relay: SmtpRelay; generation: number; random: number },
): LastProbe | undefined {
  const report = status?.lastProbe;
  const settled = status?.conditions?.some(
    ({ type, reason }) => type === 'ReferencesResolved' && reason === 'Resolved',
  );
  const probing = status?.conditions?.some(({ type }) => type === 'Reconciling');
  if (!report || !settled || probing || status.observedGeneration !== generation) return undefined;
  const consecutiveFailures = status.consecutiveFailures ?? 0;
  const delay = probeDelay({ probe: relay.spec.probe, report, consecutiveFailures, random });
  const endedAt = Date.parse(report.time);
  return {
    generation,
    references: status.observedReferences ?? [],
    report,
    consecutiveFailures,
    endedAt,
    dueAt: endedAt + delay,
  };
}
