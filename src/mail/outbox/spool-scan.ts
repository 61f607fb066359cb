// Finds what an earlier process left in the spool.
import type { ScannedFile } from '../../store/spool-files.ts';
import { entryOf } from './entry-text.ts';
import { parseSpoolHead, type SpoolHead } from './spool-file.ts';
import { type SpoolBox, type SpoolState, spoolBoxes } from './spool-state.ts';

export async function scanSpool(spool: SpoolState): Promise<void> {
  const best = new Map<string, Found>();
  const outdated: Found[] = [];
  for (const box of spoolBoxes) {
    for (const found of await scanBox(spool, box)) {
      const other = best.get(found.head.facts.id);
      const [newer, older] = other && other.head.revision >= found.head.revision ? [other, found] : [found, other];
      best.set(found.head.facts.id, newer);
      if (older) outdated.push(older);
    }
  }
  // A move between the boxes was cut short: the new file was there, the old one still.
  for (const { box, head } of outdated) await spool.files.remove(box, head.facts.id, { durable: true });
  for (const found of best.values()) hold(spool, found);
}

interface Found {
  readonly box: SpoolBox;
  readonly head: SpoolHead;
}

async function scanBox(spool: SpoolState, box: SpoolBox): Promise<Found[]> {
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
    else tellDamaged(spool, `${box}/${name}`);
  }
  return found;
}

function wholeHead({ name, start, bytes }: ScannedFile): SpoolHead | undefined {
  const head = parseSpoolHead(start);
  if (head?.facts.id !== name) return undefined;
  return bytes === head.headBytes + (head.hasBody ? head.facts.bytes : 0) ? head : undefined;
}

function hold({ index }: SpoolState, { box, head }: Found): void {
  const { facts, hasBody, revision } = head;
  // Where the file is counts: one that was moved by hand is what its folder says.
  const deadReason = box === 'dead' ? (head.progress.deadReason ?? 'unknown') : undefined;
  const entry = entryOf(facts, { ...head.progress, deadReason });
  index.put({ entry, at: entry.notBefore, extra: { lease: undefined, revision, hasBody } });
}

function tellDamaged({ problem }: SpoolState, path: string): void {
  const message = `The spooled message ${path} is damaged and is not sent. Look at it, then remove the file.`;
  problem({ subject: `spooled message ${path}`, message, warning: true });
}
