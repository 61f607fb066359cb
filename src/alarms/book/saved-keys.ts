// The keys under which a book is saved: one an alarm, a group and a pending notice, and three for the rule.
import type { Notice } from '../notice.ts';

/** What numbers the rule's own mails, and how far the book has come. */
export const sequenceKey = 'rule';
export const rateKey = 'rate';
export const quietKey = 'quiet';

const alarmPrefix = 'alarm/';
const groupPrefix = 'group/';
const noticePrefix = 'notice/';

export function alarmKey(fingerprint: string): string {
  return `${alarmPrefix}${fingerprint}`;
}

export function groupKey(id: string): string {
  return `${groupPrefix}${id}`;
}

export function noticeKey({ group, occasion }: Notice): string {
  return `${noticePrefix}${group}/${occasion}`;
}

export type SavedKey =
  | { readonly kind: 'Alarm' | 'Group' | 'Notice'; readonly id: string }
  | { readonly kind: 'Sequence' | 'Rate' | 'Quiet' };

export function readKey(key: string): SavedKey | undefined {
  if (key === sequenceKey) return { kind: 'Sequence' };
  if (key === rateKey) return { kind: 'Rate' };
  if (key === quietKey) return { kind: 'Quiet' };
  if (key.startsWith(alarmPrefix)) return { kind: 'Alarm', id: key.slice(alarmPrefix.length) };
  if (key.startsWith(groupPrefix)) return { kind: 'Group', id: key.slice(groupPrefix.length) };
  if (key.startsWith(noticePrefix)) return { kind: 'Notice', id: key.slice(noticePrefix.length) };
  return undefined;
}
