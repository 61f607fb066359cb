// When a relay is probed next: on its interval with jitter, later after failures and where the server asks for patience.
import { parseDuration } from '../api/duration.ts';
import type { ProbeReport, SmtpRelaySpec } from '../api/smtp-relay.ts';

const minutes = 60_000;
/** The longest wait that failures alone lead to, unless the interval is longer. */
export const longestBackoff = 30 * minutes;
/** How long a refused login rests before it is tried again unchanged: accounts lock. */
export const loginRest = 60 * minutes;

export interface ScheduleInput {
  readonly probe: SmtpRelaySpec['probe'];
  readonly report: Pick<ProbeReport, 'outcome' | 'reason' | 'replyCode'>;
  readonly consecutiveFailures: number;
  /** 0 to 1, spreads relays whose probes would fall together. */
  readonly random: number;
}

/** Milliseconds until the next probe. */
export function probeDelay({ probe, report, consecutiveFailures, random }: ScheduleInput): number {
  const interval = parseDuration(probe.interval) ?? 5 * minutes;
  const doublings =
    report.outcome === 'Succeeded'
      ? 0
      : asksForPatience(report)
        ? consecutiveFailures
        : consecutiveFailures - probe.failureThreshold;
  const backedOff = interval * 2 ** Math.min(Math.max(doublings, 0), 16);
  const delay = Math.min(backedOff, Math.max(interval, longestBackoff));
  return Math.round(delay * (0.9 + 0.2 * random));
}

/** 421 and 450 (and their like) say: not now; asking on would make it worse. */
function asksForPatience({ reason, replyCode }: ScheduleInput['report']): boolean {
  return replyCode === 421 || replyCode === 450 || reason === 'RateLimited' || reason === 'Greylisted';
}
