// A message of the outbox for people and for scripts: without its body, its recipient masked unless asked for.
import { timestamp } from '../api/conditions.ts';
import { printable } from '../api/fit-status.ts';
import { maskAddress } from '../api/mail-address.ts';
import { keyText } from '../api/resource.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import { kubectlAge } from './kubectl-age.ts';
import { textTable } from './text-table.ts';

export interface Showing {
  readonly now: number;
  readonly showAddresses: boolean;
}

export function outboxTable(entries: readonly OutboxEntry[], showing: Showing): string {
  return textTable(
    ['ID', 'AGE', 'POLICY', 'RULE', 'SUBJECT', 'TO', 'STATE', 'TRIES', 'NEXT TRY', 'LAST REPLY'],
    entries.map((entry) => [
      entry.id.slice(0, shortId),
      kubectlAge(timestamp(entry.acceptedAt), showing.now),
      keyText(entry.identity.policy),
      entry.identity.rule,
      short(entry.subject),
      recipientOf(entry, showing),
      entry.state,
      String(entry.attempts),
      nextTry(entry, showing.now),
      short(lastReply(entry)),
    ]),
  );
}

/** Twelve hexadecimal digits tell any hundred thousand messages apart. */
const shortId = 12;

/** Every field is there, null where nothing is known. */
export function entryJson(entry: OutboxEntry, showing: Showing) {
  const { id, identity, subject, confidential, state, attempts, lastAttempt, deadReason, bytes } = entry;
  return {
    id,
    policy: keyText(identity.policy),
    ruleKind: identity.ruleKind,
    rule: identity.rule,
    about: keyText(identity.subject),
    subject,
    to: recipientOf(entry, showing),
    state,
    attempts,
    acceptedAt: timestamp(entry.acceptedAt),
    nextTry: state === 'Dead' ? null : timestamp(entry.notBefore),
    deliverBy: timestamp(entry.deliverBy),
    deadReason: deadReason ?? null,
    lastAttempt: lastAttempt
      ? { time: timestamp(lastAttempt.at), relay: keyText(lastAttempt.relay), reply: lastAttempt.reply }
      : null,
    confidential,
    bytes,
  };
}

export function entryText(entry: OutboxEntry, showing: Showing): string {
  const { identity, lastAttempt, deadReason } = entry;
  const state = deadReason === undefined ? entry.state : `${entry.state}: ${deadReason}`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Id', entry.id],
    ['Policy', keyText(identity.policy)],
    ['Rule', `${identity.rule} (${identity.ruleKind})`],
    ['About', keyText(identity.subject)],
    ['Subject', entry.subject],
    ['To', recipientOf(entry, showing)],
    ['State', state],
    ['Accepted', timestamp(entry.acceptedAt)],
    ['Tries', String(entry.attempts)],
    ['Next try', entry.state === 'Dead' ? undefined : timestamp(entry.notBefore)],
    ['Deliver by', timestamp(entry.deliverBy)],
    ['Last try', lastAttempt && `${timestamp(lastAttempt.at)} through ${keyText(lastAttempt.relay)}`],
    ['Last reply', lastAttempt?.reply],
    ['Size', `${entry.bytes} bytes${entry.confidential ? ', holds a password' : ''}`],
  ];
  return rows
    .flatMap(([name, value]) => (value === undefined ? [] : [`${`${name}:`.padEnd(12)}${printable(value)}\n`]))
    .join('');
}

/** The envelope's: with a sandbox, where it really goes. */
function recipientOf({ envelope }: OutboxEntry, { showAddresses }: Showing): string {
  return showAddresses ? envelope.to : maskAddress(envelope.to);
}

function lastReply({ lastAttempt, deadReason }: OutboxEntry): string {
  return [deadReason, lastAttempt?.reply].filter((part) => part !== undefined).join(': ');
}

function nextTry({ state, notBefore }: OutboxEntry, now: number): string {
  switch (state) {
    case 'Dead':
      return 'never';
    case 'Leased':
      return 'under way';
    case 'Waiting':
      return notBefore <= now ? 'now' : `in ${kubectlAge(timestamp(now), notBefore)}`;
  }
}

function short(text: string): string {
  const characters = [...text];
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : text;
}
