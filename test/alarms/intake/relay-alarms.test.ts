import { expect, test } from 'vitest';
import { relayAlarms, type SeenRelay } from '../../../src/alarms/intake/relay-alarms.ts';
import { reasons } from '../../../src/api/reasons.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const day = 86_400_000;

type Status = NonNullable<SeenRelay['status']>;

function relay(ready: string, reason: string, notAfter?: string): SeenRelay {
  const condition = {
    type: 'Ready',
    status: ready,
    reason,
    message: 'The server refused the login.',
    lastTransitionTime: '2026-11-24T09:00:00Z',
  };
  const tls = notAfter === undefined ? {} : { tls: { notAfter, subject: 'CN=mail.example.com' } };
  const status = { conditions: [condition], lastProbe: { time: '2026-11-24T09:59:00Z', ...tls } };
  return { namespace: 'mail', name: 'corporate', certificateWarningDays: 21, status: status as unknown as Status };
}

test.each<readonly [string, SeenRelay, readonly string[], string | undefined]>([
  ['a relay that works is no alarm', relay('True', 'Succeeded'), [], undefined],
  ['one that nobody knows is none', relay('Unknown', 'Probing'), [], undefined],
  ['one without a status is none', { ...relay('True', ''), status: undefined }, [], undefined],
  ['one that fails is one', relay('False', 'AuthenticationFailed'), ['RelayFailing critical'], undefined],
  ['one that is suspended is none', relay('False', 'Suspended', '2026-11-20T00:00:00Z'), [], undefined],
  [
    'a certificate that lasts is one later',
    relay('True', 'Succeeded', '2027-01-24T00:00:00Z'),
    [],
    '2027-01-03T00:00:00Z',
  ],
  [
    'one that ends soon is a warning',
    relay('True', 'Succeeded', '2026-12-01T00:00:00Z'),
    ['CertificateExpiresSoon warning'],
    '2026-12-01T00:00:00Z',
  ],
  [
    'one that ended is critical',
    relay('False', 'CertificateExpired', '2026-11-23T00:00:00Z'),
    ['RelayFailing critical', 'CertificateExpired critical'],
    undefined,
  ],
])('%s', (_, seen, alarms, nextAt) => {
  const found = relayAlarms([seen], { now });
  expect(found.alarms.map(({ labels }) => `${labels.alertname} ${labels.severity}`)).toEqual(alarms);
  expect(found.nextAt).toBe(nextAt === undefined ? undefined : Date.parse(nextAt));
});

test('a failing relay says why and what to do', () => {
  expect(relayAlarms([relay('False', 'AuthenticationFailed')], { now }).alarms).toMatchObject([
    {
      source: 'relays',
      labels: { namespace: 'mail', kind: 'SmtpRelay', name: 'corporate', reason: 'AuthenticationFailed' },
      annotations: {
        summary: 'SmtpRelay mail/corporate cannot send mail: AuthenticationFailed',
        description: 'The server refused the login.',
        remedy: reasons.AuthenticationFailed.remedy,
      },
      startsAt: Date.parse('2026-11-24T09:00:00Z'),
    },
  ]);
});

test('another reason is the same alarm, and looking again says the same to the letter', () => {
  const look = (reason: string, at: number) => relayAlarms([relay('False', reason)], { now: at }).alarms;
  expect(look('ConnectionRefused', now)[0]?.fingerprint).toBe(look('AuthenticationFailed', now)[0]?.fingerprint);
  expect(look('ConnectionRefused', now + day)).toEqual(look('ConnectionRefused', now));
});
