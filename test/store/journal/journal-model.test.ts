// Holders, outages and rewritings in any order: what the journal gives back is what one could have been told.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openJournal } from '../../../src/store/journal/open-journal.ts';
import type { Journal } from '../../../src/store/journal.ts';
import { createTestClock } from '../test-clock.ts';
import { createFaultySegments, type Fate } from './faulty-segments.ts';

type Texts = ReadonlyMap<string, string>;
type Changes = ReadonlyMap<string, string | undefined>;

type Step =
  /** By the holder, or by one before it. */
  | {
      readonly kind: 'write';
      readonly before: number;
      readonly changes: [string, string | undefined][];
      readonly fates: Fate[];
    }
  /** Somebody else takes over; the holder goes on to believe that it is one. */
  | { readonly kind: 'open'; readonly fates: Fate[] }
  | { readonly kind: 'rest' };

const fates = fc.array(fc.constantFrom<Fate>('done', 'done', 'done', 'refused', 'doneUntold'), { maxLength: 12 });
/** Of a size that makes several segments of one write, or a rewriting after a few. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string() },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 99 }).map((seed) => noise(seed, 30_000)) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 99 }).map((seed) => noise(seed, 500_000)) },
);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      before: fc.constantFrom(0, 0, 0, 1, 2),
      changes: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(text, { nil: undefined })), {
        maxLength: 3,
      }),
      fates,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('open' as const), fates }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'rest' }) },
);

test('what is loaded is what was written, whatever fails and whoever writes', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60, size: 'large' }), run), {
    numRuns: 60,
    endOnFailure: false,
  });
}, 240_000);

async function run(steps: readonly Step[]): Promise<void> {
  const segments = createFaultySegments();
  const clock = createTestClock();
  const open = () => openJournal(segments, { prefix: 'alarms', clock, problem: () => {} });
  const holders: Journal[] = [];
  /** False: somebody tried to open it, and may have shut the last one out. */
  let held = false;
  let current: Texts = new Map();
  /** What is there may be any of these: of a write that failed nobody knows. */
  let possible: Texts[] = [current];

  const load = async (of: Journal) => {
    current = await of.load();
    expect(possible).toContainEqual(current);
    possible = [current];
    holders.unshift(of);
    held = true;
  };
  const writeBy = async (age: number, changes: Changes) => {
    const result = await holders[age]?.write(changes);
    if (age > 0) return expect(result?.kind).not.toBe('written');
    if (held) expect(result?.kind).not.toBe('lost');
    if (result?.kind === 'lost') return;
    const next = applied(current, changes);
    if (result?.kind === 'written') {
      current = next;
      possible = [current];
    } else {
      possible.push(next);
    }
  };

  for (const each of steps) {
    const queue = each.kind === 'rest' ? [] : [...each.fates];
    segments.fate = () => queue.shift() ?? 'done';
    switch (each.kind) {
      case 'write':
        if (each.before < holders.length) await writeBy(each.before, new Map(each.changes));
        break;
      case 'open':
        held = false;
        await load(open()).catch(unlessOutage);
        break;
      case 'rest':
        clock.stopFor(120_000);
        await settled(segments.calls);
    }
  }
  segments.fate = () => 'done';
  await settled(segments.calls);
  await load(open());
  await expect(writeBy(0, new Map([['a', 'at last']]))).resolves.toBeUndefined();
  for (let age = 1; age < holders.length; age += 1) await writeBy(age, new Map([['a', 'stale']]));
  await load(open());
}

/** An opening that fails changes nothing, but that the last holder may be shut out. */
function unlessOutage(error: unknown): void {
  if (!String(error).includes('the disk is away')) throw error;
}

/** What goes on beside the writes has come to rest. */
async function settled(calls: readonly string[]): Promise<void> {
  for (let before = -1; before < calls.length; ) {
    before = calls.length;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function applied(texts: Texts, changes: Changes): Texts {
  const result = new Map(texts);
  for (const [key, value] of changes) {
    if (value === undefined) result.delete(key);
    else result.set(key, value);
  }
  return result;
}

/** Text that gzip makes no smaller than to three quarters. */
function noise(seed: number, length: number): string {
  let state = seed + 1;
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes.toString('base64');
}
