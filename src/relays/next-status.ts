// The status that follows from the one before and what is known now. Pure; the laws are in api/conditions.ts.
import { type DesiredCondition, nextConditions } from '../api/conditions.ts';
import { fitStatus } from '../api/fit-status.ts';
import type { Condition, SmtpRelayStatus } from '../api/smtp-relay.ts';
import { accepted, referencesResolved, rejected, stalled, unresolved } from '../api/spec-conditions.ts';
import { probeConditions } from './probe-conditions.ts';
import type { Verdict } from './verdict.ts';

export interface StatusInput {
  readonly before: SmtpRelayStatus | undefined;
  readonly generation: number;
  readonly verdict: Verdict;
  /** The probe request (annotation) that this answers, where there is one. */
  readonly handledRequest: string | undefined;
  readonly now: number;
}

export function nextStatus({ before, generation, verdict, handledRequest, now }: StatusInput): SmtpRelayStatus {
  const old = before?.conditions ?? [];
  return fitStatus({
    ...before,
    ...recorded(verdict, before),
    ...(handledRequest !== undefined && { lastHandledProbeRequest: handledRequest }),
    observedGeneration: generation,
    conditions: nextConditions(old, desiredConditions(verdict, old), { generation, now }),
  });
}

/** The fields beside the conditions. */
function recorded(verdict: Verdict, before: SmtpRelayStatus | undefined): SmtpRelayStatus {
  switch (verdict.kind) {
    case 'rejected':
    case 'suspended':
      return {};
    case 'unresolved':
    case 'probing':
      return { effective: verdict.effective };
    case 'probed': {
      const { report, effective, references, consecutiveFailures, refusal } = verdict;
      const succeeded = report.outcome === 'Succeeded';
      const certificateExpires = report.tls?.notAfter ?? before?.certificateExpires;
      return {
        effective,
        observedReferences: [...references],
        lastProbe: report,
        consecutiveFailures,
        ...(certificateExpires !== undefined && { certificateExpires }),
        ...(succeeded ? { lastSuccessTime: report.time } : { lastFailure: refusal ?? report }),
      };
    }
  }
}

function desiredConditions(verdict: Verdict, before: readonly Condition[]): DesiredCondition[] {
  switch (verdict.kind) {
    case 'rejected':
      return rejected(verdict.violation);
    case 'suspended':
      return suspended(before);
    case 'unresolved':
      return unresolved(verdict.violation);
    case 'probing':
      return [
        { type: 'Ready', status: 'Unknown', reason: 'Probing', message: `Probing ${verdict.effective.endpoint}` },
        { type: 'Reconciling', status: 'True', reason: 'Probing', message: `Probing ${verdict.effective.endpoint}` },
        accepted,
        referencesResolved,
      ];
    case 'probed':
      return probed(verdict, before);
  }
}

function probed(verdict: Verdict & { kind: 'probed' }, before: readonly Condition[]): DesiredCondition[] {
  const { report, spec, consecutiveFailures, countsAtOnce } = verdict;
  if (report.outcome === 'Failed' && !countsAtOnce && consecutiveFailures < spec.probe.failureThreshold) {
    const kept = keep(before);
    if (kept.some(({ type, status }) => type === 'Ready' && status === 'True')) return kept;
  }
  const { reason, message } = report;
  const failed = report.outcome === 'Failed';
  return [
    { type: 'Ready', status: failed ? 'False' : 'True', reason, message },
    ...(failed ? stalled(reason, message) : []),
    accepted,
    referencesResolved,
    ...probeConditions(report, spec),
  ];
}

/**
 * What was seen stays; Ready says Suspended. One that was not ready is stalled: only an edit of spec.suspend can help,
 * and nobody shall wait for it in vain.
 */
function suspended(before: readonly Condition[]): DesiredCondition[] {
  const summary: readonly string[] = ['Ready', 'Reconciling', 'Stalled'];
  const seen = keep(before).filter(({ type, status }) => {
    return !summary.includes(type) && !(type === 'Accepted' && status === 'False');
  });
  const reason = 'Suspended';
  const message = 'Probing is suspended (spec.suspend); what else stands here was seen before';
  if (before.some(({ type, status }) => type === 'Ready' && status === 'True')) {
    return [{ type: 'Ready', status: 'True', reason, message }, ...seen];
  }
  return [
    { type: 'Ready', status: 'False', reason, message },
    { type: 'Stalled', status: 'True', reason, message },
    ...seen,
  ];
}

function keep(conditions: readonly Condition[]): DesiredCondition[] {
  return conditions.map(({ type, status, reason, message }) => ({
    type: type as DesiredCondition['type'],
    status,
    reason,
    message,
  }));
}
