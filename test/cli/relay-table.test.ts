import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/cli/display-width.ts';
import { relayTable } from '../../src/cli/relay-table.ts';
import { now, relayOf, statusOf } from './relays.ts';

describe('the table of relays', () => {
  test('has the columns of kubectl get relays', () => {
    const certificateExpires = '2027-01-31T00:00:00Z';
    const relays = [
      relayOf('corporate', { status: statusOf('True', 'Succeeded', { certificateExpires }) }),
      relayOf('backup', { status: statusOf('False', 'ConnectionRefused') }),
      relayOf('new'),
    ];
    expect(relayTable(relays, { now })).toBe(
      [
        'NAME        HOST                    PORT   TLS        READY   REASON              CERT EXPIRES           LAST PROBE   AGE',
        'corporate   corporate.example.com   587    StartTls   True    Succeeded           2027-01-31T00:00:00Z   45s          3m12s',
        'backup      backup.example.com      587    StartTls   False   ConnectionRefused                          45s          3m12s',
        'new         new.example.com                StartTls                                                                   3m12s',
        '',
      ].join('\n'),
    );
  });

  test('names the namespace first where there are several', () => {
    const lines = relayTable([relayOf('a'), relayOf('a', { namespace: 'other' })], { now }).split('\n');
    expect(lines[0]).toMatch(/^NAMESPACE {3}NAME /);
    expect(lines[1]).toMatch(/^mail {8}a /);
    expect(lines[2]).toMatch(/^other {7}a /);
  });

  test('is only a heading where there are none', () => {
    expect(relayTable([], { now })).toMatch(/^NAME .* AGE\n$/);
  });

  test.each([undefined, null, 'text', 5, [], { host: 5, port: {}, tls: 'x' }, { host: { a: 1 }, tls: { mode: [] } }])(
    'shows a relay whose spec is %j',
    (spec) => {
      expect(relayTable([relayOf('odd', { spec })], { now })).toMatch(/\nodd /);
    },
  );

  test('shows control characters of an unchecked spec instead of obeying them', () => {
    const table = relayTable([relayOf('evil', { host: 'a\u001b[2J\nb' })], { now });
    expect(table).toContain('a\\x1b[2J\\x0ab');
    expect(table.split('\n')).toHaveLength(3);
  });

  test('lines up behind wide letters', () => {
    const lines = relayTable([relayOf('a', { host: '邮件.example' }), relayOf('b', { host: 'mail.example.com' })], {
      now,
    })
      .trimEnd()
      .split('\n');
    const tlsColumn = (line: string) => displayWidth(line.slice(0, line.indexOf('StartTls')));
    expect(tlsColumn(lines[1] ?? '')).toBe(tlsColumn(lines[2] ?? ''));
  });

  test('paints only READY, and the same text', () => {
    const relays = [
      relayOf('a', { status: statusOf('True', 'Succeeded') }),
      relayOf('b', { status: statusOf('False', 'HostNotFound') }),
      relayOf('c', { status: statusOf('Unknown', 'Probing') }),
    ];
    const painted = relayTable(relays, { now, color: true });
    expect(painted).toContain('\u001b[32mTrue');
    expect(painted).toContain('\u001b[31mFalse');
    expect(painted).toContain('\u001b[33mUnknown');
    expect(stripVTControlCharacters(painted)).toBe(relayTable(relays, { now }));
  });

  test('fits the width where its long columns can be cut for it', () => {
    const long = 'a-very-long-name-of-a-relay-that-someone-gave';
    const relays = [relayOf(long, { status: statusOf('False', 'AuthenticationRequiresEncryption') }), relayOf('b')];
    fc.assert(
      fc.property(fc.integer({ min: 110, max: 200 }), (width) => {
        for (const line of relayTable(relays, { now, width }).split('\n')) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
        }
      }),
    );
    expect(relayTable(relays, { now, width: 120 })).toContain('…');
  });
});
