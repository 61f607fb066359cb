import { describe, expect, test } from 'vitest';
import { endpoint, parseHost } from '../../../src/smtp/network/host-name.ts';

describe('a host', () => {
  test.each([
    ['mail.example.com', { kind: 'name', name: 'mail.example.com' }],
    ['MAIL.Example.COM.', { kind: 'name', name: 'mail.example.com' }],
    ['postfix', { kind: 'name', name: 'postfix' }],
    ['smtp_relay.corp.example', { kind: 'name', name: 'smtp_relay.corp.example' }],
    ['bücher.example', { kind: 'name', name: 'xn--bcher-kva.example' }],
    ['例え.テスト', { kind: 'name', name: 'xn--r8jz45g.xn--zckzah' }],
    ['192.0.2.1', { kind: 'address', address: '192.0.2.1' }],
    ['2001:db8::1', { kind: 'address', address: '2001:db8::1' }],
    ['[2001:db8::1]', { kind: 'address', address: '2001:db8::1' }],
  ])('"%s" is read as it is meant', (text, host) => {
    expect(parseHost(text)).toEqual(host);
  });

  test.each([
    '',
    '.',
    'a..b',
    '-a.example',
    'a-.example',
    'mail.example.com:25',
    'smtp://mail.example.com',
    'mail example',
    'user@mail.example.com',
    '1.2.3',
    '127.1',
    '0x7f.1',
    '0x7f000001',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}example`,
    'bü cher.example',
  ])('"%s" is none', (text) => {
    expect(parseHost(text)).toMatchObject({ kind: 'invalid' });
  });
});

test('an endpoint with an IPv6 address has brackets', () => {
  expect([endpoint('::1', 25), endpoint('127.0.0.1', 25), endpoint('mx.example', 25)]).toEqual([
    '[::1]:25',
    '127.0.0.1:25',
    'mx.example:25',
  ]);
});
