// That the judge of the fault tests can find fault.
import { expect, test } from 'vitest';
import { type Break, type Delivery, judge } from './deliveries.ts';

const first: Delivery = { to: 'a@example.com', messageId: '<a>', raw: 'hello', connection: 1, at: 1_000 };
const again: Delivery = { ...first, connection: 2, at: 9_000 };
const killed: Break = { at: 1_200, wentOn: false };

test.each<[string, readonly Delivery[], Break | undefined, object]>([
  ['once is right', [first], undefined, { wrong: [], excused: 0 }],
  ['twice with a kill at its reply is excused', [first, again], killed, { wrong: [], excused: 1 }],
  [
    'twice without a kill is wrong',
    [first, again],
    undefined,
    { wrong: [expect.stringContaining('nothing had been')] },
  ],
  [
    'twice with a kill long after its reply is wrong',
    [first, again],
    { ...killed, at: 8_000 },
    { wrong: [expect.stringContaining('7000 ms after')] },
  ],
  [
    'twice where the operator had gone on is wrong',
    [first, again],
    { ...killed, wentOn: true },
    { wrong: [expect.stringContaining('gone on after the reply')] },
  ],
  [
    'twice where its connection took another message is wrong',
    [first, { ...first, to: 'b@example.com' }, again],
    killed,
    { wrong: [expect.stringContaining('gone on to another message')] },
  ],
  [
    'other bytes are wrong',
    [first, { ...again, raw: 'hallo' }],
    killed,
    { wrong: [expect.stringContaining('other bytes')] },
  ],
  [
    'three times with one kill is wrong once',
    [first, again, { ...again, connection: 3 }],
    killed,
    { wrong: [expect.stringContaining('nothing had been')], excused: 1 },
  ],
])('%s', (_, deliveries, cut, verdict) => {
  expect(judge(deliveries, new Map(cut ? [[1, cut]] : []))).toMatchObject(verdict);
});
