import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEventLog, type LoggedEvent } from '../../../src/store/directory/event-log.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const now = Date.parse('2026-11-24T12:00:00Z');
const event: LoggedEvent = {
  regarding: { kind: 'SmtpRelay', namespace: 'mail', name: 'one' },
  type: 'Normal',
  reason: 'Succeeded',
  action: 'Probe',
  note: 'x',
};

test('the log never grows beyond its bound and one line, and the newest line is always there', async () => {
  const directory = temporaryDirectory();
  const log = createEventLog(directory, 1000);
  for (let i = 0; i < 50; i += 1) {
    expect(await log.append({ ...event, note: `event ${i}` }, now)).toBeUndefined();
    const text = readFileSync(join(directory, 'events.jsonl'), 'utf8');
    expect(text.length).toBeLessThan(1200);
    expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ note: `event ${i}` });
  }
  expect(readdirSync(directory).sort()).toEqual(['events.1.jsonl', 'events.jsonl']);
});

test('what cannot be written is told with its path and why', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'events.jsonl'));
  const message = await createEventLog(directory).append(event, now);
  expect(message).toBe(`${join(directory, 'events.jsonl')} cannot be written: it is a directory (EISDIR).`);
});
