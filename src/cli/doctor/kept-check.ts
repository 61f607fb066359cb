// What the operator keeps: can it be read, and how much is it? The same on a cluster and in a directory.

import { errorText } from '../../api/error-text.ts';
import { readHistory } from '../../mail/history/read-history.ts';
import { type ReadSegment, readSegment } from '../../mail/ledger/read-segment.ts';
import type { OutboxEntry } from '../../mail/outbox/outbox.ts';
import { inBatches } from '../../store/directory/in-batches.ts';
import { type JournalPlace, readJournal } from '../../store/journal/read-journal.ts';
import type { Segments } from '../../store/segments.ts';
import type { OutboxAccess } from '../outbox-access.ts';
import { createToldProblems, type ToldProblems } from '../told-problems.ts';
import { ageText } from './age-text.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';
import { sizeText } from './size-text.ts';

export interface KeepingWorld {
  readonly kept: {
    readonly openOutbox: (problems: ToldProblems) => Promise<OutboxAccess>;
    readonly ledger: Segments;
    readonly history: Segments;
    readonly journal: JournalPlace;
    /** What to do where something cannot be read. */
    readonly remedy: string;
  };
  readonly now: () => number;
}

export const keptChecks: readonly Check<KeepingWorld>[] = [
  { name: 'outbox', look: (world) => readable(world, lookAtOutbox) },
  { name: 'ledger', look: (world) => readable(world, lookAtLedger) },
  { name: 'deliveries', look: (world) => readable(world, lookAtHistory) },
  { name: 'alarm journal', look: (world) => readable(world, lookAtJournal) },
];

type Look = (world: KeepingWorld, note: ToldProblems) => Promise<readonly Finding[]>;

/** What the readers complain of on the way is a finding of its own. */
async function readable(world: KeepingWorld, look: Look): Promise<readonly Finding[]> {
  const complaints: string[] = [];
  const problems: ToldProblems = {
    ...createToldProblems(),
    note({ subject, message }) {
      // The key has a check of its own.
      if (message !== undefined && subject !== 'operator key') complaints.push(message);
    },
  };
  try {
    const findings = await look(world, problems);
    return [...findings, ...complaints.map((message) => wrong(message, world.kept.remedy))];
  } catch (error) {
    const why = errorText(error);
    return [wrong(`It cannot be read: ${why}`, world.kept.remedy)];
  }
}

/** A message that waits longer than any relay is down for a while. */
const longWait = 4 * 3_600_000;

async function lookAtOutbox({ kept, now }: KeepingWorld, problems: ToldProblems): Promise<readonly Finding[]> {
  const access = await kept.openOutbox(problems);
  try {
    const entries = await access.list();
    return outboxFindings(entries, now());
  } finally {
    await access.close();
  }
}

function outboxFindings(entries: readonly OutboxEntry[], now: number): readonly Finding[] {
  const dead = entries.filter(({ state }) => state === 'Dead');
  const waiting = entries.filter(({ state }) => state !== 'Dead');
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  const oldest = Math.max(0, ...waiting.map(({ acceptedAt }) => now - acceptedAt));
  const findings = [fine(`${waiting.length} messages wait, ${dead.length} are dead (${sizeText(bytes)}).`)];
  if (oldest > longWait) {
    findings.push(
      doubtful(`The oldest message waits since ${ageText(oldest)}.`, 'relaykeeper outbox list says for what.'),
    );
  }
  if (dead.length > 0) {
    const remedy = 'relaykeeper outbox list says why; outbox retry tries one again, outbox drop takes it out.';
    findings.push(doubtful(`${dead.length} messages are dead: no relay took them.`, remedy));
  }
  return findings;
}

const atOnce = 8;

async function lookAtLedger({ kept: { ledger } }: KeepingWorld, { note }: ToldProblems): Promise<readonly Finding[]> {
  const store = { segments: ledger, newName: () => '', growing: () => undefined, problem: note };
  const names = await ledger.list();
  const read = await inBatches(names, atOnce, (name) => readSegment(store, name));
  const found = read.filter((one): one is ReadSegment => one !== 'gone');
  const records = found.reduce((sum, one) => sum + one.records.length, 0);
  const bytes = found.reduce((sum, one) => sum + one.bytes, 0);
  return [fine(`It remembers ${records} messages in ${found.length} segments (${sizeText(bytes)}).`)];
}

async function lookAtHistory({ kept: { history } }: KeepingWorld, { note }: ToldProblems): Promise<readonly Finding[]> {
  const records = await readHistory(history, { since: 0, problem: note });
  return [fine(`${records.length} deliveries are on record.`)];
}

async function lookAtJournal({ kept: { journal } }: KeepingWorld): Promise<readonly Finding[]> {
  const { texts, bytesOf } = await readJournal(journal);
  const bytes = [...bytesOf.values()].reduce((sum, one) => sum + one, 0);
  return [fine(`It has ${texts.size} entries in ${bytesOf.size} segments (${sizeText(bytes)}).`)];
}
