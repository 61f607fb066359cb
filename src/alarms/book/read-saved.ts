// Reads what a book saved, part by part. What is not of its shape is answered with a sentence, and is no part of the book.
import { errorText } from '../../api/error-text.ts';
import type { Labels } from '../../api/label-matcher.ts';
import type { Alarm } from '../alarm.ts';
import type { Notice, NoticeAlarm } from '../notice.ts';
import type { QuietRecord, Sequence } from './book-state.ts';
import type { Told } from './group.ts';
import type { HeldGroup, RateState } from './rate-gate.ts';

export interface SavedGroup {
  readonly labels: Labels;
  readonly beginning: number;
  readonly due: number;
  readonly flushed: boolean;
  readonly mails: number;
  readonly told: Told | undefined;
  readonly lastTold: number | undefined;
  readonly waiting: ReadonlySet<string>;
  readonly heldSince: number | undefined;
}

export type Read<Part> =
  | { readonly kind: 'read'; readonly part: Part }
  | { readonly kind: 'broken'; readonly message: string };

type Fields = Readonly<Record<string, unknown>>;

export function readAlarm(text: string): Read<{ readonly alarm: Alarm; readonly full: boolean }> {
  return readFields(text, ({ full, ...alarm }) =>
    isText(alarm.fingerprint) &&
    /^[0-9a-f]{32}$/.test(alarm.fingerprint) &&
    isText(alarm.source) &&
    (alarm.state === 'Firing' || alarm.state === 'Resolved') &&
    isLabels(alarm.labels) &&
    isLabels(alarm.annotations) &&
    [alarm.startsAt, alarm.lastSeen, alarm.count].every(isNumber) &&
    isMaybe(alarm.endsAt, isNumber) &&
    isMaybe(alarm.url, isText)
      ? { alarm: alarm as unknown as Alarm, full: full !== false }
      : undefined,
  );
}

export function readGroup(text: string): Read<SavedGroup> {
  return readFields(text, (group) => {
    const { labels, beginning, due, flushed, mails, lastTold, heldSince } = group;
    const [told, waiting] = [readTold(group.told), readMarks(group.waiting ?? '')];
    const whole = isNumber(beginning) && isNumber(due) && isNumber(mails) && typeof flushed === 'boolean';
    if (!whole || !isLabels(labels) || told === 'broken' || !waiting) return undefined;
    if (!isMaybe(lastTold, isNumber) || !isMaybe(heldSince, isNumber)) return undefined;
    return { labels, beginning, due, flushed, mails, told, lastTold, waiting, heldSince };
  });
}

export function readNotice(text: string): Read<Notice> {
  return readFields(text, (notice) =>
    [notice.group, notice.occasion, notice.thread].every(isText) &&
    isNumber(notice.at) &&
    ['Group', 'Digest', 'HeldBack'].includes(String(notice.kind))
      ? (notice as unknown as Notice)
      : undefined,
  );
}

export function readSequence(text: string): Read<Sequence> {
  return readFields(text, ({ beginning, mails, lastBeginning, seen }) =>
    isMaybe(beginning, isNumber) && isNumber(mails) && isNumber(lastBeginning) && isNumber(seen)
      ? { beginning, mails, lastBeginning, seen }
      : undefined,
  );
}

export function readQuiet(text: string): Read<QuietRecord> {
  return readFields(text, ({ from, until, cameAndWent, rows }) =>
    isNumber(from) && isNumber(until) && isNumber(cameAndWent) && Array.isArray(rows) && rows.every(isFields)
      ? { from, until, cameAndWent, rows: rows as unknown as NoticeAlarm[] }
      : undefined,
  );
}

export function readRate(text: string): Read<RateState> {
  return readFields(text, ({ slots, held }) => {
    if (!Array.isArray(slots) || !slots.every(isSlot)) return undefined;
    if (held === undefined) return { slots, held };
    if (!isFields(held) || !isNumber(held.from) || !isNumber(held.heldBack) || !isEntries(held.groups))
      return undefined;
    return { slots, held: { from: held.from, heldBack: held.heldBack, groups: new Map(held.groups) } };
  });
}

function readFields<Part>(text: string, read: (fields: Fields) => Part | undefined): Read<Part> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { kind: 'broken', message: `is no JSON: ${errorText(error)}` };
  }
  const part = isFields(value) ? read(value) : undefined;
  return part === undefined
    ? { kind: 'broken', message: 'has not the shape that was written' }
    : { kind: 'read', part };
}

function readTold(value: unknown): Told | 'broken' | undefined {
  if (value === undefined) return undefined;
  if (!isFields(value) || !isNumber(value.at)) return 'broken';
  const [firing, resolved] = [readMarks(value.firing), readMarks(value.resolved)];
  return firing && resolved ? { firing, resolved, at: value.at } : 'broken';
}

function readMarks(value: unknown): Set<string> | undefined {
  if (!isText(value) || !/^(?:[\w-]{8})*$/.test(value)) return undefined;
  return new Set(value.match(/.{8}/g) ?? []);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isMaybe<Kind>(value: unknown, is: (value: unknown) => value is Kind): value is Kind | undefined {
  return value === undefined || is(value);
}

function isLabels(value: unknown): value is Labels {
  return isFields(value) && Object.values(value).every(isText);
}

function isSlot(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isNumber);
}

function isEntries(value: unknown): value is [string, HeldGroup][] {
  return Array.isArray(value) && value.every((entry) => Array.isArray(entry) && isText(entry[0]) && isFields(entry[1]));
}
