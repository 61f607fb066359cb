// This operator's own troubles as alarms: relays that fail, certificates of theirs that run out. All times are of the
// relay's status, so that what is told again is the same to the letter.
import type { Labels } from '../../api/label-matcher.ts';
import { reasons } from '../../api/reasons.ts';
import { parseRfc3339 } from '../../api/rfc3339.ts';
import type { SmtpRelayStatus } from '../../api/smtp-relay.ts';
import type { Alarm } from '../alarm.ts';
import { fingerprintOf } from '../fingerprint.ts';
import { presentLabels } from './event-texts.ts';
import { cut, longestAnnotation, severalLines } from './safe-text.ts';

export interface SeenRelay {
  readonly namespace: string;
  readonly name: string;
  readonly status: SmtpRelayStatus | undefined;
  /** spec.probe.certificateWarningDays */
  readonly certificateWarningDays: number;
}

export interface RelayAlarms {
  /** All that fire now, of source `relays`: for `AlarmBook.replaceSource`. */
  readonly alarms: readonly Alarm[];
  /** When one more will fire by time alone. */
  readonly nextAt: number | undefined;
}

/** One that is suspended has no alarms: somebody wanted it so. */
export function relayAlarms(relays: Iterable<SeenRelay>, { now }: { readonly now: number }): RelayAlarms {
  const alarms: Alarm[] = [];
  let nextAt: number | undefined;
  for (const relay of relays) {
    const ready = relay.status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.reason === 'Suspended') continue;
    if (ready?.status === 'False') alarms.push(failing(relay, ready));
    const certificate = certificateAlarm(relay, now);
    if (certificate?.kind === 'alarm') alarms.push(certificate.alarm);
    if (certificate?.nextAt !== undefined) nextAt = Math.min(nextAt ?? certificate.nextAt, certificate.nextAt);
  }
  return { alarms, nextAt };
}

type Condition = NonNullable<SmtpRelayStatus['conditions']>[number];

function failing(relay: SeenRelay, { reason, message, lastTransitionTime }: Condition): Alarm {
  const remedy = Object.entries(reasons).find(([name]) => name === reason)?.[1].remedy;
  const since = parseRfc3339(lastTransitionTime) ?? 0;
  return alarmOf(relay, {
    alertname: 'RelayFailing',
    severity: 'critical',
    more: { reason },
    annotations: {
      summary: `SmtpRelay ${relay.namespace}/${relay.name} cannot send mail: ${reason}`,
      description: cut(severalLines(message), longestAnnotation),
      // The message has a more exact one where it knows more.
      ...(remedy === undefined || message.includes(remedy) ? {} : { remedy }),
    },
    startsAt: since,
  });
}

type CertificateAlarm =
  | { readonly kind: 'alarm'; readonly alarm: Alarm; readonly nextAt: number | undefined }
  | { readonly kind: 'later'; readonly nextAt: number };

const day = 86_400_000;

function certificateAlarm(relay: SeenRelay, now: number): CertificateAlarm | undefined {
  const { notAfter = '', subject = '' } = relay.status?.lastProbe?.tls ?? {};
  const end = parseRfc3339(notAfter);
  if (end === undefined) return undefined;
  const soon = end - relay.certificateWarningDays * day;
  if (now < soon) return { kind: 'later', nextAt: soon };
  const expired = now >= end;
  const alarm = alarmOf(relay, {
    alertname: expired ? 'CertificateExpired' : 'CertificateExpiresSoon',
    severity: expired ? 'critical' : 'warning',
    more: {},
    annotations: {
      summary: `The certificate that SmtpRelay ${relay.namespace}/${relay.name} presents ${expired ? 'ended' : 'ends'} on ${notAfter.slice(0, 10)}`,
      description: `Subject ${subject}, valid until ${notAfter}.`,
      remedy: 'Renew it on the mail server.',
    },
    startsAt: expired ? end : soon,
  });
  return { kind: 'alarm', alarm, nextAt: expired ? undefined : end };
}

interface Trouble {
  readonly alertname: string;
  readonly severity: 'critical' | 'warning';
  /** Labels that may change while the trouble stays. */
  readonly more: Labels;
  readonly annotations: Labels;
  readonly startsAt: number;
}

function alarmOf({ namespace, name, status }: SeenRelay, trouble: Trouble): Alarm {
  const { alertname, severity, more, annotations, startsAt } = trouble;
  const identity = presentLabels({ alertname, severity, namespace, kind: 'SmtpRelay', name });
  const probed = parseRfc3339(status?.lastProbe?.time ?? '') ?? startsAt;
  return {
    fingerprint: fingerprintOf({ source: 'relays', labels: identity, text: '' }, 'Exact'),
    source: 'relays',
    state: 'Firing',
    labels: { ...identity, ...presentLabels(more) },
    annotations,
    startsAt,
    endsAt: undefined,
    lastSeen: Math.max(probed, startsAt),
    count: 1,
    url: undefined,
  };
}
