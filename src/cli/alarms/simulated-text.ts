// Simulated mails as a table with their members, as JSON, or as a mailbox.

import type { Notice, NoticeAlarm } from '../../alarms/notice.ts';
import { timestamp } from '../../api/conditions.ts';
import { keyText } from '../../api/resource.ts';
import { textTable } from '../text-table.ts';
import { labelsText } from './labels-text.ts';
import type { SimulatedMail } from './simulated-mail.ts';

/** A line a mail, its members below it. */
export function simulatedTable(mails: readonly SimulatedMail[], until: number): string {
  const end = `${mails.length === 0 ? 'No mail' : mails.length === 1 ? '1 mail' : `${mails.length} mails`} up to ${timestamp(until)}.\n`;
  if (mails.length === 0) return end;
  const table = textTable(
    ['TIME', 'RULE', 'WHY', 'TO', 'SUBJECT'],
    mails.map(({ policy, rule, notice, to, subject }) => [
      timestamp(notice.at),
      `${keyText(policy)}/${rule}`,
      whyOf(notice),
      to.join(', '),
      subject,
    ]),
  );
  const [heading = '', ...lines] = table.trimEnd().split('\n');
  const blocks = lines.map((line, index) => [line, ...membersOf(mails[index]?.notice)].join('\n'));
  return `${[heading, ...blocks].join('\n')}\n\n${end}`;
}

export function simulatedJson(mails: readonly SimulatedMail[]): string {
  const all = mails.map(({ policy, rule, notice: { at, ...notice }, to, subject, problems }) => ({
    time: timestamp(at),
    ...{ policy: keyText(policy), rule, to, subject, problems },
    notice: withTimes(notice),
  }));
  return `${JSON.stringify(all, null, 2)}\n`;
}

/** RFC 4155: what a mail client opens as a folder. */
export function simulatedMailbox(mails: readonly SimulatedMail[]): string {
  const messages = mails.flatMap(({ notice, messages: raws }) => raws.map((raw) => ({ raw, at: new Date(notice.at) })));
  return messages
    .map(({ raw, at }) => {
      const text = raw
        .toString('utf8')
        .replaceAll('\r\n', '\n')
        .replace(/^(>*From )/gm, '>$1');
      return `From relaykeeper@localhost ${mailboxDate(at)}\n${text.replace(/\n*$/, '\n')}\n`;
    })
    .join('');
}

/** `Tue Nov 24 10:00:00 2026` */
function mailboxDate(at: Date): string {
  const [day = '', date, month, year, time] = at.toUTCString().split(' ');
  return `${day.replace(',', '')} ${month} ${date} ${time} ${year}`;
}

function whyOf(notice: Notice): string {
  return notice.kind === 'Group' ? notice.reason : notice.kind;
}

function membersOf(notice: Notice | undefined): string[] {
  switch (notice?.kind) {
    case undefined:
      return [];
    case 'Group':
      return withMore(notice.alarms.map(memberLine), notice.firing + notice.resolved);
    case 'Digest':
      return withMore(
        [...notice.stillFiringAlarms, ...notice.cameAndWentAlarms].map(memberLine),
        notice.stillFiring + notice.cameAndWent,
      );
    case 'HeldBack':
      return notice.groups.map(({ groupLabels, heldBack }) => `    ${heldBack} held back  ${labelsText(groupLabels)}`);
  }
}

function withMore(lines: readonly string[], all: number): string[] {
  return all > lines.length ? [...lines, `    … and ${all - lines.length} more`] : [...lines];
}

function memberLine({ state, labels, startsAt, endsAt, count }: NoticeAlarm): string {
  const times = count > 1 ? `, ${count} times` : '';
  const end = state === 'Resolved' && endsAt !== undefined ? ` to ${timestamp(endsAt)}` : '';
  return `    ${state.toLowerCase().padEnd(8)}  ${labelsText(labels)}  from ${timestamp(startsAt)}${end}${times}`;
}

/** Milliseconds since the epoch are for programs that count; people read times. */
function withTimes(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => withTimes(one));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTimes(one, key)]));
  }
  return typeof value === 'number' && times.includes(name) ? timestamp(value) : value;
}

const times = ['startsAt', 'endsAt', 'lastSeen', 'from', 'until'];
