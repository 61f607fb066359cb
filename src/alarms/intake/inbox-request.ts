// What an inbox record holds: one request that was answered with 202, as it was taken.
import { isObject, type JsonObject } from '../../api/json.ts';
import type { IncomingAlarm } from './incoming-alarm.ts';

export interface InboxRequest {
  readonly version: 1;
  readonly namespace: string;
  readonly policy: string;
  readonly alarm: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly alarms: readonly IncomingAlarm[];
  /** `relaykeeper alarms send`; absent: the webhook. */
  readonly source?: 'test';
}

export type DecodedRequest =
  | { readonly kind: 'request'; readonly request: InboxRequest }
  /** Why it cannot be read, a sentence. */
  | { readonly kind: 'unreadable'; readonly message: string };

export function encodeRequest(request: InboxRequest): Buffer {
  return Buffer.from(JSON.stringify(request), 'utf8');
}

/** Of a record that this or an earlier version wrote. */
export function decodeRequest(body: Buffer): DecodedRequest {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    // SyntaxError quotes the record, and this goes into a log.
    return unreadable('it is no JSON');
  }
  if (!isObject(value)) return unreadable('it is no object');
  if (value.version !== 1) return unreadable('it is of another version than 1');
  const fault = requestFault(value);
  return fault === undefined ? { kind: 'request', request: value as unknown as InboxRequest } : unreadable(fault);
}

function requestFault(value: JsonObject): string | undefined {
  const wrongName = ['namespace', 'policy', 'alarm'].find((name) => typeof value[name] !== 'string');
  if (wrongName !== undefined) return `${wrongName} is no string`;
  if (value.receivedAt === undefined || !isTime(value.receivedAt)) return 'receivedAt is no time';
  const { alarms } = value;
  if (!Array.isArray(alarms)) return 'alarms is no list';
  const wrong = alarms.findIndex((alarm) => !isIncomingAlarm(alarm));
  return wrong === -1 ? undefined : `alarms[${wrong}] is no alarm`;
}

function isIncomingAlarm(value: unknown): value is IncomingAlarm {
  return (
    isObject(value) &&
    (value.state === 'Firing' || value.state === 'Resolved') &&
    isTexts(value.labels) &&
    isTexts(value.annotations) &&
    typeof value.text === 'string' &&
    isTime(value.startsAt) &&
    isTime(value.endsAt) &&
    typeof value.count === 'number' &&
    (value.url === undefined || typeof value.url === 'string')
  );
}

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isTime(value: unknown): boolean {
  // Beyond it there is no date (ECMA-262, "Time Values").
  return value === undefined || (typeof value === 'number' && Math.abs(value) <= 8.64e15);
}

function unreadable(message: string): DecodedRequest {
  return { kind: 'unreadable', message };
}
