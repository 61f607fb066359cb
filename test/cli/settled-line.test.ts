import { expect, test } from 'vitest';
import { settledLine } from '../../src/cli/settled-line.ts';
import { entryOf, factsOf, firstProgress } from '../../src/mail/outbox/entry-text.ts';
import type { Settlement } from '../../src/mail/outbox/outbox.ts';
import { attempt, message, noon } from '../mail/outbox/messages.ts';

test.each<readonly [string, Settlement, RegExp | undefined]>([
  ['was accepted', { kind: 'accepted', attempt }, /Z mail \S+\/\S+ \S+ about .+ to g\*\*\*@example\.com Accepted: /],
  [
    'was refused',
    { kind: 'dead', reason: 'RelayDenied', attempt: { ...attempt, reply: '550 no\r\n' } },
    /Refused: .*RelayDenied: 550 no\S*$/,
  ],
  ['was dropped', { kind: 'dropped', reason: 'TooLate' }, /Dropped: TooLate$/],
  ['is tried again', { kind: 'retry', notBefore: noon, attempt }, undefined],
])('a message that %s has its line, without its address', (_name, settlement, line) => {
  const entry = entryOf(factsOf(message(1)), firstProgress(message(1)));
  const reason = 'reason' in settlement ? settlement.reason : undefined;
  const text = settledLine({ entry, messageId: undefined, settlement, relay: undefined, reason, unknown: false }, noon);
  if (line === undefined) expect(text).toBeUndefined();
  else expect(text).toMatch(line);
  expect(text ?? '').not.toContain('guest-1@');
});
