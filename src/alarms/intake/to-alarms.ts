// What a sender told, as alarms of one rule: identity, times by a clock that can be trusted, and an end.
import { parseDuration } from '../../api/duration.ts';
import type { AlarmRule } from '../../api/notification-policy.ts';
import type { Alarm } from '../alarm.ts';
import { fingerprintOf } from '../fingerprint.ts';
import type { IncomingAlarm } from './incoming-alarm.ts';
import { noted } from './noted.ts';

export interface ToAlarms {
  readonly rule: AlarmRule;
  /** When the request was received, however much later it is taken. */
  readonly now: number;
  /** Absent: `webhook`. */
  readonly source?: 'webhook' | 'test';
}

/** No alarm is refused for its sender's clock: what cannot be is replaced by the time of receipt, and noted. */
export function toAlarms(incoming: readonly IncomingAlarm[], options: ToAlarms): Alarm[] {
  return incoming.map((alarm) => toAlarm(alarm, options));
}

function toAlarm(incoming: IncomingAlarm, { rule, now, source = 'webhook' }: ToAlarms): Alarm {
  const labels = { alertname: rule.name, ...incoming.labels };
  const { startsAt, endsAt } = timesOf(incoming, { now, resolveAfter: resolveAfterOf(rule) });
  const alarm: Alarm = {
    fingerprint: fingerprintOf({ source, labels, text: incoming.text }, rule.fingerprint),
    source,
    state: incoming.state,
    labels,
    annotations: incoming.annotations,
    startsAt,
    endsAt,
    lastSeen: now,
    count: incoming.count,
    url: incoming.url,
  };
  const said = incoming.startsAt;
  if (said === undefined || isPossible(said, now)) return alarm;
  return noted(alarm, `the sender's clock is wrong: it says that this began at ${new Date(said).toISOString()}`);
}

const earliest = Date.UTC(2000, 0, 1);
const ahead = 5 * 60_000;

function isPossible(time: number, now: number): boolean {
  return time >= earliest && time <= now + ahead;
}

function timesOf(
  { state, startsAt: said, endsAt }: IncomingAlarm,
  { now, resolveAfter }: { now: number; resolveAfter: number },
): { startsAt: number; endsAt: number } {
  const possible = said !== undefined && isPossible(said, now);
  const startsAt = possible ? Math.min(said, now) : now;
  if (state === 'Firing') {
    const over = now + resolveAfter;
    return { startsAt, endsAt: endsAt !== undefined && endsAt > now ? Math.min(endsAt, over) : over };
  }
  // Where its beginning is told by another clock than its end, the end could come before it, and would end nothing.
  const ended = possible && endsAt !== undefined && endsAt >= said ? Math.min(endsAt, now) : now;
  return { startsAt: Math.min(startsAt, ended), endsAt: ended };
}

const aDay = 24 * 60 * 60_000;

/** A test alarm may be of a rule without a webhook. */
function resolveAfterOf({ sources: { webhook } }: AlarmRule): number {
  return (webhook && parseDuration(webhook.resolveAfter)) || aDay;
}
