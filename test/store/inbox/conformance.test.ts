// Both engines, on memory that fails when told to; and the one of a directory on files.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { createFileSegments } from '../../../src/store/directory/file-segments.ts';
import { openRecordInbox } from '../../../src/store/inbox/open-record-inbox.ts';
import { openSegmentInbox } from '../../../src/store/inbox/open-segment-inbox.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { temporaryDirectory } from '../directory/temporary-directory.ts';
import { inboxConformance } from '../inbox-conformance.ts';
import { createFaultySegments } from '../journal/faulty-segments.ts';
import { createMemoryRecords } from './memory-records.ts';

describe('in a directory', () => {
  inboxConformance(async () => {
    const directory = temporaryDirectory();
    let creates = 0;
    return {
      together: false,
      async open() {
        const segments = createFileSegments(directory);
        const counting = {
          ...segments,
          create(name: string, bytes: Buffer) {
            creates += 1;
            return segments.create(name, bytes);
          },
        };
        const problems: StoreProblem[] = [];
        const problem = (told: StoreProblem) => void problems.push(told);
        return { inbox: await openSegmentInbox(counting, { clock: systemClock, problem }), problems };
      },
      creates: () => creates,
      names: async () => readdirSync(directory),
      leave: async (name, bytes) => writeFileSync(join(directory, name), bytes),
    };
  });
});

describe('on segments that fail', () => {
  inboxConformance(async () => {
    const segments = createFaultySegments();
    return {
      together: false,
      async open() {
        const problems: StoreProblem[] = [];
        const problem = (told: StoreProblem) => void problems.push(told);
        return { inbox: await openSegmentInbox(segments, { clock: systemClock, problem }), problems };
      },
      creates: () => segments.calls.filter((call) => call.startsWith('create')).length,
      names: async () => [...segments.blobs.keys()],
      leave: async (name, bytes) => void segments.blobs.set(name, bytes),
      outage(on) {
        segments.fate = () => (on ? 'refused' : 'done');
      },
    };
  });
});

describe('on records that replicas share', () => {
  inboxConformance(async () => {
    const records = createMemoryRecords();
    return {
      together: true,
      async open() {
        const problems: StoreProblem[] = [];
        const problem = (told: StoreProblem) => void problems.push(told);
        return { inbox: await openRecordInbox(records, { clock: systemClock, problem }), problems };
      },
      creates: () => records.creates,
      names: async () => [...records.bodies.keys()],
      leave: async (name, bytes) => void records.bodies.set(name, bytes),
      outage(on) {
        records.broken = on;
      },
    };
  });
});
