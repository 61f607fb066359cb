// A message as a record that replicas share: what it is, how far it is and who is trying it, each an annotation.
import { isObject } from '../../api/json.ts';
import type { NewRecord, RecordHead } from '../../store/records.ts';
import {
  type EntryProgress,
  entryOf,
  factsOf,
  factsText,
  firstProgress,
  parseFacts,
  parseProgress,
  progressText,
} from './entry-text.ts';
import type { OutboxEntry, OutboxMessage } from './outbox.ts';

export interface RecordLease {
  /** Of one lease alone. */
  readonly token: string;
  /** Which replica. */
  readonly holder: string;
  /** By its clock, milliseconds since the epoch. */
  readonly until: number;
}

export interface OutboxRecord {
  readonly entry: OutboxEntry;
  readonly lease: RecordLease | undefined;
  readonly hasBody: boolean;
  readonly version: string;
}

const annotation = {
  message: 'relaykeeper.dev/message',
  progress: 'relaykeeper.dev/progress',
  lease: 'relaykeeper.dev/lease',
  body: 'relaykeeper.dev/body',
} as const;

const namePrefix = 'outbox-';

export function recordName(id: string): string {
  return `${namePrefix}${id}`;
}

export function idOf(name: string): string {
  return name.slice(namePrefix.length);
}

export function newRecord(message: OutboxMessage): NewRecord {
  const annotations = {
    [annotation.message]: factsText(factsOf(message)),
    [annotation.progress]: progressText(firstProgress(message)),
  };
  return { name: recordName(message.id), annotations, body: message.raw };
}

export function leaseChange({ token, holder, until }: RecordLease): Readonly<Record<string, string>> {
  return { [annotation.lease]: JSON.stringify({ token, holder, until }) };
}

/** Also ends the lease. */
export function progressChange(progress: EntryProgress): Readonly<Record<string, string | null>> {
  return { [annotation.progress]: progressText(progress), [annotation.lease]: null };
}

export const bodyGone: Readonly<Record<string, string>> = { [annotation.body]: 'gone' };

/** Undefined for what this program did not write. */
export function parseRecord({ name, version, annotations }: RecordHead): OutboxRecord | undefined {
  const facts = parseFacts(annotations[annotation.message] ?? '');
  const progress = parseProgress(annotations[annotation.progress] ?? '');
  if (!facts || !progress || recordName(facts.id) !== name) return undefined;
  const lease = parseLease(annotations[annotation.lease]);
  return { entry: entryOf(facts, progress), lease, hasBody: annotations[annotation.body] !== 'gone', version };
}

/** One that cannot be read holds nobody back. */
function parseLease(text: string | undefined): RecordLease | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const { token, holder, until } = value;
    if (typeof token !== 'string' || typeof holder !== 'string' || typeof until !== 'number') return undefined;
    return { token, holder, until };
  } catch {
    return undefined; // edited by hand
  }
}
