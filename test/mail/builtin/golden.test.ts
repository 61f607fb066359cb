// The built-in mails as they are; UPDATE_GOLDEN=1 writes them anew, and the difference is then read in the commit.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { alarmMail } from '../../../src/alarms/alarm-mail.ts';
import { composeMessage, type MessageToCompose } from '../../../src/mail/compose/compose-message.ts';
import { alarmNotices, facts } from './alarm-samples.ts';
import { renderSample, sampleMails } from './sample-mails.ts';

const folder = fileURLToPath(new URL('../golden/', import.meta.url));
const update = process.env.UPDATE_GOLDEN === '1';

const expected = new Map<string, () => Promise<string> | string>();
for (const sample of sampleMails) {
  expected.set(`${sample.name}.txt`, () => {
    const { subject, text } = renderSample(sample);
    return `Subject: ${subject}\n\n${text}`;
  });
  expected.set(`${sample.name}.html`, () => renderSample(sample).html ?? '');
}
for (const name of ['credentials-de', 'reminder-certificate', 'alarm-many', 'alarm-hostile'])
  expected.set(`${name}.eml`, () => composed(name));

test.each([...expected])('%s', async (file, produce) => {
  const now = await produce();
  if (update) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + file, now);
  }
  expect(now).toBe(readFileSync(folder + file, 'utf8'));
});

test('there is no golden file that nothing makes', () => {
  expect(readdirSync(folder).filter((file) => !expected.has(file))).toEqual([]);
});

async function composed(name: string): Promise<string> {
  const sample = sampleMails.find((candidate) => candidate.name === name);
  if (!sample) throw new Error(`there is no sample ${name}`);
  const result = await composeMessage({
    ...renderSample(sample),
    id: '0123456789abcdef0123456789abcdef',
    date: Date.UTC(2026, 10, 24, 7),
    from: { address: 'guests@example.com', name: 'Gäste-Portal' },
    replyTo: 'help@example.com',
    to: 'jane.doe@example.com',
    ruleKind: sample.kind === 'reminder' ? 'Reminder' : 'Credentials',
    ...alarmParts(name),
  });
  if (result.kind === 'invalid') throw new Error(result.message);
  return result.raw.toString('latin1');
}

/** A later mail of its thread. */
function alarmParts(name: string): Partial<MessageToCompose> {
  const notice = alarmNotices.find((candidate) => candidate.name === name)?.notice;
  if (!notice) return {};
  const { topic, urgent } = alarmMail(notice, facts);
  return { ruleKind: 'Alarm', thread: { root: 'fedcba9876543210fedcba9876543210', topic }, urgent };
}
