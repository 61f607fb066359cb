// What the log has of the webhook: each trouble once a minute, however often it comes.
import { expect, test } from 'vitest';
import { createWebhookTeller } from '../../src/cli/webhook-teller.ts';
import type { WebhookNews } from '../../src/server/webhook-deps.ts';
import { createTestClock } from '../store/test-clock.ts';

const path = { namespace: 'mail', policy: 'ops', alarm: 'production' };

function teller() {
  const said: string[] = [];
  const clock = createTestClock();
  const line = (level: string) => (fields: object, message: string) =>
    said.push(`${level} ${message}${'more' in fields ? ` (${fields.more} more)` : ''}`);
  const log = { info: line('info'), warn: line('warn'), error: line('error') };
  return { said, clock, tell: createWebhookTeller(log, clock) };
}

function answered(status: number, more: Partial<Extract<WebhookNews, { kind: 'answered' }>> = {}): WebhookNews {
  return { kind: 'answered', status, path: undefined, alarms: 0, milliseconds: 1, message: 'no', from: '::1', ...more };
}

test('what is taken is not told, what is refused is told once a minute with how often', async () => {
  const { said, clock, tell } = teller();
  tell(answered(202, { path, alarms: 3 }));
  for (let count = 0; count < 5; count += 1) tell(answered(401));
  expect(said).toEqual(['warn the webhook answered ::1 with 401: no']);
  await clock.advance(60_000);
  tell(answered(401));
  expect(said.slice(1)).toEqual(['warn the webhook answered ::1 with 401: no (4 more)']);
});

test('each rule and each status is told by itself', () => {
  const { said, tell } = teller();
  tell(answered(400, { path }));
  tell(answered(413, { path }));
  tell(answered(400, { path: { ...path, alarm: 'other' } }));
  expect(said).toHaveLength(3);
});

test('a rule whose token is gone, a certificate and a fault are told', () => {
  const { said, tell } = teller();
  tell({ kind: 'tokenMissing', path, message: 'Secret "mail/token" does not exist' });
  tell({ kind: 'certificate', problem: 'tls.crt cannot be read' });
  tell({ kind: 'certificate', problem: undefined });
  tell({ kind: 'fault', message: 'A request could not be answered' });
  expect(said).toEqual([
    'error the webhook lets nobody in for mail/ops/production: Secret "mail/token" does not exist',
    "error the webhook's certificate: tls.crt cannot be read",
    'info the webhook has a new certificate',
    'error A request could not be answered',
  ]);
});

test('however many kinds there are, it remembers a thousand at most: an older one is told again', () => {
  const { said, tell } = teller();
  for (let count = 0; count < 3_000; count += 1) tell(answered(400, { path: { ...path, alarm: `rule-${count}` } }));
  expect(said).toHaveLength(3_000);
  tell(answered(400, { path: { ...path, alarm: 'rule-2999' } }));
  expect(said).toHaveLength(3_000);
  tell(answered(400, { path: { ...path, alarm: 'rule-0' } }));
  expect(said).toHaveLength(3_001);
});
