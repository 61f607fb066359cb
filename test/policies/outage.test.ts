// When the last resort is told.
import { expect, test } from 'vitest';
import { outageNews, parseOutage } from '../../src/policies/alarms/outage.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const minute = 60_000;

test.each([
  ['nothing waits', { works: false, waitsSince: undefined }, 'none'],
  ['a relay works, and a mail waits for it', { works: true, waitsSince: noon - 10 * minute }, 'none'],
  ['no relay works, and a mail has waited less than a minute', { works: false, waitsSince: noon - minute + 1 }, 'none'],
  ['no relay works, and a mail has waited a minute', { works: false, waitsSince: noon - minute }, 'begins'],
  ['it was told and lasts', { told: { since: noon - minute }, works: false, waitsSince: noon - minute }, 'none'],
  [
    'a relay seems to work, and the mail of the outage still waits',
    { told: { since: noon - minute }, works: true, waitsSince: noon - minute },
    'none',
  ],
  ['a relay works and nothing waits', { told: { since: noon - minute }, works: true, waitsSince: undefined }, 'ends'],
  [
    'a relay works and only a later mail waits',
    { told: { since: noon - minute }, works: true, waitsSince: noon - 1 },
    'ends',
  ],
  [
    'no mail waits any more, and no relay works',
    { told: { since: noon - minute }, works: false, waitsSince: undefined },
    'none',
  ],
] as const)('%s', (_, facts, kind) => {
  expect(outageNews({ told: undefined, now: noon, ...facts }).kind).toBe(kind);
});

test.each([
  ['{"since":5}', { since: 5 }],
  ['{"since":"5"}', undefined],
  ['{', undefined],
  [undefined, undefined],
])('reads %s', (text, outage) => {
  expect(parseOutage(text)).toEqual(outage);
});
