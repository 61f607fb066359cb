import { describe, expect, test } from 'vitest';
import { failureDetails } from '../../src/cli/failure-details.ts';
import { relayOf, statusOf } from './relays.ts';

const report = {
  time: '2026-11-24T11:59:15Z',
  outcome: 'Succeeded',
  depth: 'Auth',
  reason: 'Succeeded',
  message: 'ok',
};

describe('the details of failures', () => {
  test('are none where all is well', () => {
    expect(failureDetails([relayOf('a', { status: statusOf('True', 'Succeeded') }), relayOf('b')])).toBe('');
  });

  test('wrap the message of each failing relay to the width, and warnings follow', () => {
    const warnings = [{ reason: 'CertificateExpiresSoon', message: 'It ends in 3 days.' }];
    const relays = [
      relayOf('warned', { status: statusOf('True', 'Succeeded', { lastProbe: { ...report, warnings } }) }),
      relayOf('refused', {
        status: statusOf('False', 'ConnectionRefused', {
          message: 'Nothing listens on 192.0.2.1:587. Check spec.port.',
        }),
      }),
    ];
    expect(failureDetails(relays, { width: 34 })).toBe(
      [
        'mail/refused: ConnectionRefused',
        '  Nothing listens on',
        '  192.0.2.1:587. Check spec.port.',
        '',
        'mail/warned: warning CertificateExpiresSoon',
        '  It ends in 3 days.',
        '',
      ].join('\n'),
    );
  });

  test('show control characters of a server instead of obeying them', () => {
    const status = statusOf('False', 'SenderRejected', { message: 'It said: \u001b[31m550\r no' });
    expect(failureDetails([relayOf('a', { status })])).toContain('It said: \\x1b[31m550\\x0d no');
  });

  test('are painted only where asked', () => {
    const relays = [relayOf('a', { status: statusOf('False', 'HostNotFound') })];
    expect(failureDetails(relays)).not.toContain('\u001b');
    expect(failureDetails(relays, { color: true })).toContain('\u001b[31mHostNotFound');
  });
});
