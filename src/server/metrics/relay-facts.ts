// What a relay's status says in numbers. Pure.
import { parseDuration } from '../../api/duration.ts';
import type { SmtpRelayStatus } from '../../api/smtp-relay.ts';

/** Undefined: nothing is known of it. */
export interface RelayFacts {
  readonly ready: number | undefined;
  readonly success: number | undefined;
  /** Seconds; as are the following, since the epoch. */
  readonly duration: number | undefined;
  readonly probedAt: number | undefined;
  readonly expiresAt: number | undefined;
}

export function relayFacts({ conditions, lastProbe, certificateExpires }: SmtpRelayStatus = {}): RelayFacts {
  const ready = conditions?.find(({ type }) => type === 'Ready');
  // What was seen before it was suspended is no reason to wake anybody.
  const probe = ready?.reason === 'Suspended' ? undefined : lastProbe;
  return {
    ready: ready && ready.status !== 'Unknown' ? Number(ready.status === 'True') : undefined,
    success: probe && Number(probe.outcome === 'Succeeded'),
    duration: durationSeconds(probe?.durations?.total),
    probedAt: instantSeconds(probe?.time),
    expiresAt: instantSeconds(certificateExpires),
  };
}

/** Of several relays that share a series: an alert about any of them fires. */
export function worstFacts(one: RelayFacts, other: RelayFacts): RelayFacts {
  return {
    ready: least(one.ready, other.ready),
    success: least(one.success, other.success),
    duration: most(one.duration, other.duration),
    probedAt: least(one.probedAt, other.probedAt),
    expiresAt: least(one.expiresAt, other.expiresAt),
  };
}

export function durationSeconds(text: string | undefined): number | undefined {
  const milliseconds = text === undefined ? undefined : parseDuration(text);
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}

function instantSeconds(text: string | undefined): number | undefined {
  const milliseconds = Date.parse(text ?? '');
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1_000;
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

function most(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.max(one, other);
}
