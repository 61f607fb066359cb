// The inbox, wherever it is kept. A request is durable before it is answered; it may be read twice where its reader dies
// before it removed all that came together, never not at all.

import { randomBytes } from 'node:crypto';
import { errorText } from '../../api/error-text.ts';
import { createBatches } from '../batches.ts';
import type { Clock } from '../clock.ts';
import type { Inbox, InboxPut, InboxRecord } from '../inbox.ts';
import type { StoreProblem } from '../store.ts';
import { type Backlog, type Bundle, createBacklog } from './backlog.ts';
import type { Blobs } from './blobs.ts';
import { packBundle, unpackBundle } from './bundle.ts';
import { type BundleHead, bundleId, partName } from './part-name.ts';

export interface InboxOptions {
  readonly clock: Clock;
  readonly problem: (problem: StoreProblem) => void;
  /** The backlog at which no more is taken. */
  readonly most: InboxBounds;
}

export interface InboxBounds {
  readonly records: number;
  /** Objects of the store. */
  readonly parts: number;
  /** As stored; of what waits to be, as it came. */
  readonly bytes: number;
}

/** Rejects with a sentence where it cannot be listed. */
export async function openInboxOn(blobs: Blobs, { clock, problem, most }: InboxOptions): Promise<Inbox> {
  const backlog = createBacklog();
  const waiting = { records: 0, bytes: 0 };
  const listeners: (() => void)[] = [];
  const stop = new AbortController();
  const underWay = new Set<Promise<InboxPut>>();
  let lastArrival = 0;

  const made = (names: readonly string[]) => {
    const complete = names.filter((name) => backlog.add(name, clock.monotonic()));
    if (complete.length > 0) for (const listener of listeners) listener();
  };
  const write = async (bodies: readonly Buffer[]): Promise<InboxPut> => {
    const parts = await packBundle(bodies);
    // In one process the order is that of arrival, however fast they come.
    lastArrival = Math.max(clock.now(), lastArrival + 1);
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    const id = bundleId(lastArrival, randomBytes(4).toString('hex'));
    const head: BundleHead = { id, arrivedAt: lastArrival, count: bodies.length, bytes, parts: parts.length };
    const result = await writeParts(blobs, { head, parts, problem });
    if (result.kind === 'kept') made(parts.map((_, index) => partName(head, index + 1)));
    return result;
  };
  const together = createBatches({ gather: sameTurn, fitting: bundleSize, write });
  const keep = async (body: Buffer): Promise<InboxPut> => {
    waiting.records += 1;
    waiting.bytes += body.length;
    try {
      // What is large goes alone: nobody small waits for it.
      return await (body.length > largestTogether ? write([body]) : together(body));
    } finally {
      waiting.records -= 1;
      waiting.bytes -= body.length;
    }
  };

  await blobs.follow({ made: (name) => made([name]), gone: backlog.drop }, stop.signal);
  return {
    async put(body) {
      if (stop.signal.aborted) return { kind: 'unavailable', message: 'The inbox is closed.' };
      const full = whyFull(backlog, waiting, most);
      if (full) return { kind: 'full', message: full };
      const kept = keep(body);
      underWay.add(kept);
      return kept.finally(() => underWay.delete(kept));
    },
    async read(limit) {
      await removeAll(backlog.partsWithoutRest(clock.monotonic() - restMs), { blobs, backlog });
      const chosen = firstBundles(backlog.ready(), limit);
      const records = await Promise.all(chosen.map((bundle) => readBundle(bundle, { blobs, backlog, problem })));
      return records.flat().slice(0, limit);
    },
    async remove(names) {
      const done = takenBundles(backlog, names).flatMap((bundle) => partNames(bundle));
      await removeAll(done, { blobs, backlog });
    },
    onArrival(listener) {
      listeners.push(listener);
      if (backlog.ready().length > 0) listener();
    },
    get size() {
      const { records, bytes } = backlog.size;
      return { records: records + waiting.records, bytes: bytes + waiting.bytes };
    },
    async close() {
      stop.abort();
      await Promise.allSettled([...underWay]);
    },
  };
}

/** What comes in the same turn of the event loop goes together: a storm is not one write a request. */
function sameTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const bundle = { bodies: 256, bytes: 1024 * 1024 };

function bundleSize(waiting: readonly Buffer[]): number {
  let bytes = 0;
  const end = waiting.slice(0, bundle.bodies).findIndex((body, index) => {
    bytes += body.length;
    return index > 0 && bytes > bundle.bytes;
  });
  return end < 0 ? bundle.bodies : end;
}

const largestTogether = 256 * 1024;
/** A part whose writer died before the last one. */
const restMs = 60 * 60_000;
const mostAtOnce = { bundles: 16, bytes: 16 * 1024 * 1024 };

function whyFull({ size }: Backlog, waiting: Omit<InboxBounds, 'parts'>, most: InboxBounds): string | undefined {
  const records = size.records + waiting.records;
  const bytes = size.bytes + waiting.bytes;
  if (records >= most.records) return `The inbox is full: ${records} requests wait, of ${most.records} at most.`;
  if (bytes >= most.bytes) return `The inbox is full: ${bytes} bytes wait, of ${most.bytes} at most.`;
  if (size.parts >= most.parts) return `The inbox is full: ${size.parts} objects wait, of ${most.parts} at most.`;
  return undefined;
}

interface NewBundle {
  readonly head: BundleHead;
  readonly parts: readonly Buffer[];
  readonly problem: (problem: StoreProblem) => void;
}

async function writeParts(blobs: Blobs, { head, parts, problem }: NewBundle): Promise<InboxPut> {
  for (const [index, bytes] of parts.entries()) {
    const name = partName(head, index + 1);
    const result = await blobs.create(name, bytes);
    if (result.kind === 'written') continue;
    const made = parts.slice(0, index).map((_, before) => partName(head, before + 1));
    await Promise.all(made.map((each) => blobs.remove(each))).catch((error: unknown) => {
      problem({ subject: 'inbox', message: `${textOf(error)} It is a part without its rest, and goes in an hour.` });
    });
    return { kind: 'unavailable', message: result.kind === 'exists' ? `${name} is there already` : result.message };
  }
  return { kind: 'kept' };
}

/** Whole ones: two readings of one bundle cost twice. */
function firstBundles(ready: readonly Bundle[], limit: number): Bundle[] {
  let records = 0;
  let bytes = 0;
  const end = ready.findIndex((bundle, index) => {
    records += bundle.count - bundle.taken.size;
    bytes += bundle.bytes;
    return index > 0 && (records > limit || bytes > mostAtOnce.bytes);
  });
  return ready.slice(0, Math.min(mostAtOnce.bundles, end < 0 ? ready.length : end));
}

interface Reading {
  readonly blobs: Blobs;
  readonly backlog: Backlog;
  readonly problem: (problem: StoreProblem) => void;
}

async function readBundle(bundle: Bundle, { blobs, backlog, problem }: Reading): Promise<InboxRecord[]> {
  const names = partNames(bundle);
  const parts = await Promise.all(names.map((name) => blobs.read(name)));
  names.forEach((name, index) => {
    if (!parts[index]) backlog.drop(name);
  });
  const found = parts.filter((part) => part !== undefined);
  if (found.length < names.length) return [];
  try {
    const bodies = await unpackBundle(found);
    const records = bodies.map((body, index) => ({ name: `${bundle.id}/${index}`, body }));
    return records.filter((_, index) => !bundle.taken.has(index));
  } catch (error) {
    // Others behind it must not wait for it for ever.
    bundle.damaged = true;
    const message = `${names.join(', ')} in the inbox cannot be read and is left aside: ${textOf(error)}. Remove it.`;
    problem({ subject: `inbox ${bundle.id}`, message });
    return [];
  }
}

/** Those of which nothing is left. */
function takenBundles(backlog: Backlog, names: readonly string[]): Bundle[] {
  const touched = new Set<Bundle>();
  for (const name of names) {
    const [id = '', index] = name.split('/');
    const bundle = backlog.get(id);
    if (!bundle) continue;
    bundle.taken.add(Number(index));
    touched.add(bundle);
  }
  return [...touched].filter(({ taken, count }) => taken.size >= count);
}

async function removeAll(names: readonly string[], { blobs, backlog }: Omit<Reading, 'problem'>): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      await blobs.remove(name);
      backlog.drop(name);
    }),
  );
}

function partNames(bundle: BundleHead): string[] {
  return Array.from({ length: bundle.parts }, (_, index) => partName(bundle, index + 1));
}

function textOf(error: unknown): string {
  return errorText(error);
}
