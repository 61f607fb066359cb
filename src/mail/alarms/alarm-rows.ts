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

/** Each with a share of `room`, as `mailRoom` counts it. */
export function alarmRows(alarms: readonly ShownAlarm[], shared: Shared, room: number): readonly TemplateData[] {
  const share = Math.min(Math.floor(room / Math.max(alarms.length, 1)), mostRoom);
  return alarms.map((alarm) => alarmRow(alarm, shared, share));
}

/** Without its texts. */
export const rowRoom = 1_250;
const mostRoom = 2_400;

function alarmRow(alarm: ShownAlarm, shared: Shared, room: number): TemplateData {
  const own = ownLabels(alarm, shared);
  const named = nameOf(alarm, shared, own);
  const url = webLink(alarm.url, 300) ?? null;
  const left = Math.max(room - mailRoom(url ?? ''), 160);
  const name = fittingText(named.name, left / 2);
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
