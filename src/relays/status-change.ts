// Whether a status says something new. What moves at every probe (times, durations, addresses, counters) is not news:
// it is written with the next change or heartbeat, so that a steady relay costs one write a heartbeat.
import { isDeepStrictEqual } from 'node:util';
import type { ProbeReport, SmtpRelayStatus } from '../api/smtp-relay.ts';
import { isRefusedLogin } from './login-guard.ts';

export function saysSomethingNew(next: SmtpRelayStatus, stored: SmtpRelayStatus | undefined): boolean {
  return !isDeepStrictEqual(news(next), news(stored ?? {}));
}

function news(status: SmtpRelayStatus) {
  const {
    observedGeneration,
    conditions,
    effective,
    observedReferences,
    lastHandledProbeRequest,
    lastProbe,
    lastFailure,
  } = status;
  return {
    observedGeneration,
    effective,
    observedReferences,
    lastHandledProbeRequest,
    conditions: conditions?.map(({ type, status: value, reason, message, observedGeneration: generation }) => ({
      type,
      value,
      reason,
      generation,
      message: type === 'Accepted' || type === 'ReferencesResolved' ? message : undefined,
    })),
    lastProbe: lastProbe && newsOfProbe(lastProbe),
    // From then on the login rests, also after a restart.
    loginRefusedAt: lastFailure && isRefusedLogin(lastFailure) ? lastFailure.time : undefined,
  };
}

function newsOfProbe({
  outcome,
  failedStage,
  reason,
  depth,
  tls,
  capabilities,
  mechanism,
  warnings,
  senders,
}: ProbeReport) {
  return {
    outcome,
    failedStage,
    reason,
    depth,
    certificate: tls?.sha256,
    verified: tls?.verified,
    capabilities,
    mechanism,
    warnings: warnings?.map((warning) => warning.reason),
    senders: senders?.map(({ address, outcome: accepted, reason: why }) => ({ address, accepted, why })),
  };
}
