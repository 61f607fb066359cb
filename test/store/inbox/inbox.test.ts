// What an inbox does under a storm, at its bounds, and where it fails half-way.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { openInboxOn } from '../../../src/store/inbox/inbox-on-blobs.ts';
import { openRecordInbox } from '../../../src/store/inbox/open-record-inbox.ts';
import { openSegmentInbox } from '../../../src/store/inbox/open-segment-inbox.ts';
import { eventually } from '../eventually.ts';
import { put, texts } from '../inbox-conformance.ts';
import { createFaultySegments } from '../journal/faulty-segments.ts';
import { createTestClock } from '../test-clock.ts';
import { createMemoryRecords } from './memory-records.ts';

const options = () => ({ clock: createTestClock(), problem: () => {} });

test.each([
  ['requests', { records: 3, parts: 99, bytes: 1e9 }, 'The inbox is full: 3 requests wait, of 3 at most.'],
  ['objects of the store', { records: 99, parts: 3, bytes: 1e9 }, 'The inbox is full: 3 objects wait, of 3 at most.'],
  ['bytes', { records: 99, parts: 99, bytes: 70 }, /^The inbox is full: \d+ bytes wait, of 70 at most\.$/],
])('no more %s are taken than may wait, until some are done', async (_what, most, message) => {
  const segments = createFaultySegments();
  const blobs = { ...segments, follow: async () => {} };
  const inbox = await openInboxOn(blobs, { ...options(), most });
  let kept = 0;
  while ((await put(inbox, `request ${kept}`)).kind === 'kept') kept += 1;
  expect(kept).toBe(3);
  const full = await put(inbox, 'one more');
  expect(full).toMatchObject({ kind: 'full', message: expect.stringMatching(message) });
  await inbox.remove((await inbox.read(1)).map(({ name }) => name));
  expect(await put(inbox, 'now')).toEqual({ kind: 'kept' });
});

test('what waits to be written counts towards the bounds: a storm takes no memory without end', async () => {
  const records = createMemoryRecords();
  const inbox = await openRecordInbox(records, options());
  const storm = Array.from({ length: 11_000 }, (_, i) => put(inbox, `request ${i}`));
  const results = await Promise.all(storm);
  expect(results.filter(({ kind }) => kind === 'kept')).toHaveLength(10_000);
  expect(results.filter(({ kind }) => kind === 'full')).toHaveLength(1_000);
  // 256 requests share a write.
  expect(records.creates).toBe(40);
});

test('of a large one that fails half-way nothing is left', async () => {
  const segments = createFaultySegments();
  const inbox = await openSegmentInbox(segments, options());
  segments.fate = (call) => (/^create .*-3of\d$/.test(call) ? 'refused' : 'done');
  expect(await inbox.put(randomBytes(2_000_000))).toEqual({ kind: 'unavailable', message: 'the disk is away' });
  expect([...segments.blobs.keys()]).toEqual([]);
  expect(inbox.size).toEqual({ records: 0, bytes: 0 });
});

test('a part without its rest goes an hour after it was first seen, whatever the clock of its writer', async () => {
  const segments = createFaultySegments();
  const clock = createTestClock();
  const [behind, ahead] = [clock.now() - 5 * 3_600_000, clock.now() + 5 * 3_600_000];
  for (const at of [behind, ahead]) segments.blobs.set(`inbox-${at}-0123abcd-1-1000-1of3`, Buffer.from('part'));
  const inbox = await openSegmentInbox(segments, { ...options(), clock });
  await inbox.read(1);
  await clock.advance(59 * 60_000);
  await inbox.read(1);
  expect(segments.blobs.size).toBe(2);
  await clock.advance(2 * 60_000);
  await inbox.read(1);
  expect([...segments.blobs.keys()]).toEqual([]);
});

test('one that is told as failed and is there all the same is read by the next process', async () => {
  const segments = createFaultySegments();
  const inbox = await openSegmentInbox(segments, options());
  segments.fate = () => 'doneUntold';
  expect((await put(inbox, 'twice, if it is sent again')).kind).toBe('unavailable');
  segments.fate = () => 'done';
  expect(await texts(await openSegmentInbox(segments, options()))).toEqual(['twice, if it is sent again']);
});

test('what another process put beside the one that reads is found by looking again', async () => {
  const segments = createFaultySegments();
  const clock = createTestClock();
  const inbox = await openSegmentInbox(segments, { ...options(), clock, lookAgain: 1_000 });
  let arrivals = 0;
  inbox.onArrival(() => {
    arrivals += 1;
  });
  const other = await openSegmentInbox(segments, options());
  await put(other, 'from elsewhere');
  await put(inbox, 'from here');
  expect({ arrivals, texts: await texts(inbox) }).toEqual({ arrivals: 1, texts: ['from here'] });
  await clock.advance(1_000);
  await eventually('it is found', () => arrivals === 2);
  await clock.advance(1_000);
  expect({ arrivals, texts: (await texts(inbox)).sort() }).toEqual({
    arrivals: 2,
    texts: ['from elsewhere', 'from here'],
  });
  await inbox.close();
});

test('a removal that fails is told, and may be tried again', async () => {
  const segments = createFaultySegments();
  const inbox = await openSegmentInbox(segments, options());
  await put(inbox, 'one');
  const names = (await inbox.read(1)).map(({ name }) => name);
  segments.fate = (call) => (call.startsWith('remove') ? 'refused' : 'done');
  await expect(inbox.remove(names)).rejects.toThrow('the disk is away');
  segments.fate = () => 'done';
  await inbox.remove(names);
  expect(segments.blobs.size).toBe(0);
  expect(inbox.size.records).toBe(0);
});

test('the order is that of arrival where the clock stands still', async () => {
  const inbox = await openSegmentInbox(createFaultySegments(), options());
  const all = Array.from({ length: 30 }, (_, i) => `request ${i}`);
  for (const text of all) await put(inbox, text);
  const read: string[] = [];
  for (let records = await inbox.read(7); records.length > 0; records = await inbox.read(7)) {
    read.push(...records.map(({ body }) => body.toString()));
    await inbox.remove(records.map(({ name }) => name));
  }
  expect(read).toEqual(all);
});
