// Finds what an earlier process left in the spool.
import type { ScannedFile } from '../../store/spool-files.ts';
import { entryOf } from './entry-text.ts';
import type { OutboxEntry } from './outbox.ts';
import { parseSpoolHead, type SpoolHead } from './spool-file.ts';
import { messageBoxes, type SpoolBox, type SpoolState } from './spool-state.ts';

export async function scanSpool(spool: SpoolState): Promise<void> {
  const { messages, outdated } = await findSpooled(spool);
  // A move between the boxes was cut short: the new file was there, the old one still.
  for (const { box, head } of outdated) await spool.files.remove(box, head.facts.id, { durable: true });
  for (const found of messages) hold(spool, found);
}

/** What is there, each message once; `outdated` are files that another one of the same message replaces. */
export async function findSpooled(
  spool: ScanDeps,
): Promise<{ readonly messages: readonly Found[]; readonly outdated: readonly Found[] }> {
  const best = new Map<string, Found>();
  const outdated: Found[] = [];
  for (const box of messageBoxes) {
    for (const found of await scanBox(spool, box)) {
      const other = best.get(found.head.facts.id);
      const [newer, older] = other && other.head.revision >= found.head.revision ? [other, found] : [found, other];
      best.set(found.head.facts.id, newer);
      if (older) outdated.push(older);
    }
  }
  return { messages: [...best.values()], outdated };
}

/** Where the file is counts: one that was moved by hand is what its folder says. */
export function entryIn({ box, head: { facts, progress } }: Found): OutboxEntry {
  const deadReason = box === 'dead' ? (progress.deadReason ?? 'unknown') : undefined;
  return entryOf(facts, { ...progress, deadReason });
}

interface ScanDeps extends Pick<SpoolState, 'problem'> {
  readonly files: Pick<SpoolState['files'], 'scan' | 'read'>;
}

export interface Found {
  readonly box: SpoolBox;
  readonly head: SpoolHead;
}

async function scanBox(spool: ScanDeps, box: SpoolBox): Promise<Found[]> {
  const found: Found[] = [];
  const unclear: string[] = [];
  await spool.files.scan(box, (file) => {
    const head = wholeHead(file);
    if (head) found.push({ box, head });
    else unclear.push(file.name);
  });
  for (const name of unclear) {
    // Its head may only be longer than what a scan shows.
    const file = await spool.files.read(box, name);
    const head = file.kind === 'found' && wholeHead({ name, start: file.bytes, bytes: file.bytes.length });
    if (head) found.push({ box, head });
    // One that has gone meanwhile was settled by who holds the spool.
    else if (file.kind !== 'missing') tellDamaged(spool, `${box}/${name}`);
  }
  return found;
}

function wholeHead({ name, start, bytes }: ScannedFile): SpoolHead | undefined {
  const head = parseSpoolHead(start);
  if (head?.facts.id !== name) return undefined;
  return bytes === head.headBytes + (head.hasBody ? head.facts.bytes : 0) ? head : undefined;
}

function hold({ index }: SpoolState, found: Found): void {
  const { hasBody, revision } = found.head;
  const entry = entryIn(found);
  index.put({ entry, at: entry.notBefore, extra: { lease: undefined, revision, hasBody } });
}

function tellDamaged({ problem }: ScanDeps, path: string): void {
  const message = `The spooled message ${path} is damaged and is not sent. Look at it, then remove the file.`;
  problem({ subject: `spooled message ${path}`, message, warning: true });
}
