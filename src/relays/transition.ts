// What a change of status is worth telling as an Event: Ready changed, or failed for another reason, or a certificate nears its end.
import type { Condition, SmtpRelayStatus } from '../api/smtp-relay.ts';

export interface Transition {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
}

export function transitions(before: SmtpRelayStatus | undefined, after: SmtpRelayStatus): readonly Transition[] {
  return [
    readyTransition(condition(before, 'Ready'), condition(after, 'Ready')),
    certificateTransition(before, after),
  ].filter((transition) => transition !== undefined);
}

function readyTransition(old: Condition | undefined, now: Condition | undefined): Transition | undefined {
  if (!now || now.reason === 'Probing') return undefined;
  const same =
    old?.status === now.status &&
    (now.status === 'True' ? suspensionOf(old) === suspensionOf(now) : old.reason === now.reason);
  if (same) return undefined;
  return { type: now.status === 'False' ? 'Warning' : 'Normal', reason: now.reason, note: now.message };
}

function suspensionOf({ reason }: Condition): boolean {
  return reason === 'Suspended';
}

function certificateTransition(before: SmtpRelayStatus | undefined, after: SmtpRelayStatus): Transition | undefined {
  const now = condition(after, 'CertificateValid');
  if (now?.reason !== 'CertificateExpiresSoon' || condition(before, 'CertificateValid')?.reason === now.reason)
    return undefined;
  return { type: 'Warning', reason: now.reason, note: now.message };
}

function condition(status: SmtpRelayStatus | undefined, type: string): Condition | undefined {
  return status?.conditions?.find((candidate) => candidate.type === type);
}
