// A message without its body as one line of JSON: the head of a spool file, and what a Secret's annotations hold.
import { isObject, type JsonObject } from '../../api/json.ts';
import type { Key } from '../../api/resource.ts';
import type { MessageIdentity, RuleKind } from '../identity.ts';
import type { LedgerRecord } from '../ledger.ts';
import { createInterner } from './intern.ts';
import type { Attempt, MailRoute, OutboxEntry, OutboxMessage } from './outbox.ts';

/** What is there once a message is accepted, and never changes. */
export type EntryFacts = Omit<OutboxMessage, 'raw'> & { readonly bytes: number };

/** What changes with every try. */
export interface EntryProgress {
  readonly attempts: number;
  readonly notBefore: number;
  readonly lastAttempt: Attempt | undefined;
  /** Set: it is dead. */
  readonly deadReason: string | undefined;
}

export function factsOf(message: OutboxMessage): EntryFacts {
  const { raw, ...facts } = message;
  return { ...facts, bytes: raw.length };
}

/** Of a message that was just accepted. */
export function firstProgress(message: OutboxMessage): EntryProgress {
  return { attempts: 0, notBefore: message.acceptedAt, lastAttempt: undefined, deadReason: undefined };
}

export function entryOf(facts: EntryFacts, progress: EntryProgress): OutboxEntry {
  return { ...facts, ...progress, state: progress.deadReason === undefined ? 'Waiting' : 'Dead' };
}

export function factsText(facts: EntryFacts): string {
  const { id, identity, envelope, subject, confidential, deliverBy, acceptedAt, seen, rememberUntil, bytes } = facts;
  const { tells, route } = facts;
  const [who, when] = [
    { id, identity, envelope, subject, confidential },
    { deliverBy, acceptedAt, seen, rememberUntil },
  ];
  return JSON.stringify({ ...who, ...when, bytes, tells, route });
}

export function progressText({ attempts, notBefore, lastAttempt, deadReason }: EntryProgress): string {
  return JSON.stringify({ attempts, notBefore, lastAttempt, deadReason });
}

/** Undefined for what `factsText` did not write. */
export function parseFacts(text: string): EntryFacts | undefined {
  const value = parsedObject(text);
  if (!value) return undefined;
  const { id, subject, confidential, deliverBy, acceptedAt, seen, rememberUntil, bytes } = value;
  const identity = parseIdentity(value.identity);
  const envelope = parseEnvelope(value.envelope);
  const tells = parseTells(value.tells);
  const route = parseRoute(value.route);
  if (!identity || !envelope || tells === 'damaged') return undefined;
  if (typeof id !== 'string' || typeof subject !== 'string' || typeof seen !== 'string') return undefined;
  if (typeof confidential !== 'boolean' || !isNumber(deliverBy) || !isNumber(acceptedAt)) return undefined;
  if (!isNumber(bytes) || !(rememberUntil === undefined || isNumber(rememberUntil))) return undefined;
  return {
    id,
    identity,
    envelope,
    subject,
    confidential,
    deliverBy,
    acceptedAt,
    seen: shared(seen),
    rememberUntil,
    bytes,
    // Of a hundred thousand entries next to none tells more than itself.
    ...(tells && { tells }),
    ...(route && { route }),
  };
}

function parseTells(value: unknown): readonly LedgerRecord[] | 'damaged' | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every(isLedgerRecord)) return 'damaged';
  return value.map(({ id, subject, keepUntil }) => ({ id, subject, keepUntil }));
}

/** Without it the message is sent as long as its policy is there. */
function parseRoute(value: unknown): MailRoute | undefined {
  if (!isObject(value) || !Array.isArray(value.relays)) return undefined;
  const relays = value.relays.flatMap((each) => parseKey(each) ?? []).map(sharedKey);
  return { relays, from: typeof value.from === 'string' ? shared(value.from) : undefined };
}

function isLedgerRecord(value: unknown): value is LedgerRecord {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.subject !== 'string') return false;
  return value.keepUntil === undefined || isNumber(value.keepUntil);
}

/** Undefined for what `progressText` did not write. */
export function parseProgress(text: string): EntryProgress | undefined {
  const value = parsedObject(text);
  if (!value) return undefined;
  const { attempts, notBefore, deadReason } = value;
  if (!isNumber(attempts) || !isNumber(notBefore)) return undefined;
  if (!(deadReason === undefined || typeof deadReason === 'string')) return undefined;
  const lastAttempt = parseAttempt(value.lastAttempt);
  if (value.lastAttempt !== undefined && !lastAttempt) return undefined;
  return { attempts, notBefore, lastAttempt, deadReason };
}

/** A hundred thousand entries name few policies, rules and senders. */
const shared = createInterner(10_000);

const ruleKinds: readonly RuleKind[] = ['Credentials', 'Reminder', 'Alarm', 'Test'];
const parts: readonly MessageIdentity['part'][] = ['Main', 'Password'];

function parseIdentity(value: unknown): MessageIdentity | undefined {
  if (!isObject(value)) return undefined;
  const { rule, occasion, recipient } = value;
  const policy = parseKey(value.policy);
  const subject = parseKey(value.subject);
  const ruleKind = ruleKinds.find((kind) => kind === value.ruleKind);
  const part = parts.find((each) => each === value.part);
  if (!policy || !subject || !ruleKind || !part) return undefined;
  if (typeof rule !== 'string' || typeof occasion !== 'string' || typeof recipient !== 'string') return undefined;
  return { policy: sharedKey(policy), ruleKind, rule: shared(rule), subject, occasion, recipient, part };
}

function parseEnvelope(value: unknown): EntryFacts['envelope'] | undefined {
  if (!isObject(value) || typeof value.from !== 'string' || typeof value.to !== 'string') return undefined;
  return { from: shared(value.from), to: value.to };
}

function parseAttempt(value: unknown): Attempt | undefined {
  if (!isObject(value) || !isNumber(value.at) || typeof value.reply !== 'string') return undefined;
  const relay = parseKey(value.relay);
  return relay && { at: value.at, relay: sharedKey(relay), reply: value.reply };
}

function parseKey(value: unknown): Key | undefined {
  if (!isObject(value) || typeof value.namespace !== 'string' || typeof value.name !== 'string') return undefined;
  return { namespace: shared(value.namespace), name: value.name };
}

function sharedKey({ namespace, name }: Key): Key {
  return { namespace: shared(namespace), name: shared(name) };
}

function parsedObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined; // damaged: the caller says where
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
