// Alarms as rows of a table: what all of them share is told once, elsewhere, and a row is cut to the room it has.
import { webLink } from '../template/link-template.ts';
import type { TemplateData } from '../template/variable-table.ts';
import { alarmName, nameLabels } from './alarm-title.ts';
import { fittingText, mailRoom, shownText } from './shown-text.ts';

export interface ShownAlarm {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly startsAt: number;
  readonly endsAt: number | undefined;
  readonly lastSeen: number;
  readonly count: number;
  readonly url: string | undefined;
}

export interface Shared {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ruleName: string;
}

export interface RowLists {
  readonly first: readonly TemplateData[];
  readonly second: readonly TemplateData[];
}

/** Of two lists, as much as there is room for, as `mailRoom` counts it: texts are cut before rows are left out. */
export function alarmRows(
  [first, second]: readonly [readonly ShownAlarm[], readonly ShownAlarm[]],
  shared: Shared,
  room: number,
): RowLists {
  const rows = (alarms: readonly ShownAlarm[], share: number) => alarms.map((alarm) => alarmRow(alarm, shared, share));
  const whole = { first: rows(first, mostTexts), second: rows(second, mostTexts) };
  const all = [...whole.first, ...whole.second];
  if (all.length <= mostRows && all.reduce((sum, row) => sum + rowRoom(row), 0) <= room) return whole;
  const places = Math.max(Math.min(mostRows, Math.floor(room / (emptyRow + leastTexts))), leastRows);
  // No fewer than a fifth of the second list, that neither hides the other.
  const kept = Math.min(second.length, Math.max(Math.floor(places / 5), places - first.length));
  const [some, others] = [first.slice(0, places - kept), second.slice(0, kept)];
  const share = Math.min(mostTexts, Math.floor(room / Math.max(some.length + others.length, 1)) - emptyRow);
  return { first: rows(some, share), second: rows(others, share) };
}

const mostRows = 50;
const leastRows = 10;
/** What the texts of one row take. */
const mostTexts = 1_400;
const leastTexts = 480;
/** What a row takes without its texts, and with none of them left out. */
const emptyRow = 1_560;

function rowRoom({ name, message, labels, url }: TemplateData): number {
  const bare = 1_110;
  const extra = [message, labels, url].filter((text) => text !== '' && text !== null).length * 150;
  return bare + extra + mailRoom([name, message, labels, url].map((text) => text ?? '').join(''));
}

function alarmRow(alarm: ShownAlarm, shared: Shared, room: number): TemplateData {
  const own = ownLabels(alarm, shared);
  const named = nameOf(alarm, shared, own);
  const link = webLink(alarm.url, 600);
  const url = link === undefined || mailRoom(link) > room * 0.6 ? null : link;
  const left = room - mailRoom(url ?? '');
  const name = fittingText(named.name, left * 0.5);
  const message = fittingText(messageOf(alarm, shared), (left - mailRoom(name)) * 0.7);
  return {
    name,
    message,
    labels: fittingText(named.labels, left - mailRoom(name) - mailRoom(message)),
    severity: shownText(ownText(alarm.labels, 'severity'), 24),
    startsAt: new Date(alarm.startsAt),
    endsAt: alarm.endsAt === undefined ? null : new Date(alarm.endsAt),
    lastSeen: new Date(alarm.lastSeen),
    count: alarm.count,
    url,
  };
}

/** Where all have one name, what tells this one from the others. */
function nameOf({ labels }: ShownAlarm, shared: Shared, own: readonly (readonly [string, string])[]) {
  const name = alarmName(labels) ?? shared.ruleName;
  const rest = own.filter(([label]) => !nameLabels.includes(label));
  const isShared = own.length === rest.length;
  if (isShared && rest.length > 0) return { name: listed(rest), labels: '' };
  return { name, labels: listed(rest) };
}

function listed(labels: readonly (readonly [string, string])[]): string {
  return labels.map(([name, value]) => `${shownText(name, 60)}=${shownText(value, 200)}`).join(', ');
}

function ownLabels({ labels }: ShownAlarm, shared: Shared): readonly (readonly [string, string])[] {
  return Object.entries(labels)
    .filter(([name, value]) => ownText(shared.labels, name) !== value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .slice(0, 20);
}

const told = ['summary', 'message', 'description'] as const;

function messageOf({ annotations }: ShownAlarm, shared: Shared): string {
  const texts = told.flatMap((name) => {
    const text = ownText(annotations, name);
    return text === ownText(shared.annotations, name) ? [] : shownText(text, 1_000);
  });
  return [...new Set(texts)].filter((text) => text !== '').join(' – ');
}

/** Read by own name only: `constructor` is a label like any other. */
function ownText(texts: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(texts, name) ? (texts[name] ?? '') : '';
}
