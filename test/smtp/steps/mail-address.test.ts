import { describe, expect, test } from 'vitest';
import { envelopeAddress } from '../../../src/smtp/steps/mail-address.ts';

describe('an address goes into the envelope', () => {
  test.each([
    { name: 'as it is', address: 'ise@example.com', path: 'ise@example.com' },
    { name: 'with dots within its local part', address: 'a.b.c@example.com', path: 'a.b.c@example.com' },
    { name: 'with signs that need no quotes', address: "o'neil+x=y/z@example.com", path: "o'neil+x=y/z@example.com" },
    { name: 'with quotes where it needs them', address: '"john doe"@example.com', path: '"john doe"@example.com' },
    { name: 'with a domain of one label', address: 'root@mailhost', path: 'root@mailhost' },
    { name: 'with an address literal', address: 'ise@[192.0.2.1]', path: 'ise@[192.0.2.1]' },
    { name: 'with its domain in A-labels', address: 'ise@bücher.example', path: 'ise@xn--bcher-kva.example' },
  ])('$name', ({ address, path }) => {
    expect(envelopeAddress(address)).toEqual({ kind: 'usable', path, needsUtf8: false });
  });

  test('that is not ASCII before the @ needs SMTPUTF8', () => {
    expect(envelopeAddress('jürgen@example.com')).toMatchObject({ kind: 'usable', needsUtf8: true });
  });
});

describe('an address is refused', () => {
  test.each([
    { name: 'with two @', address: 'a@b@example.com' },
    { name: 'that starts with a dot', address: '.a@example.com' },
    { name: 'whose local part ends with a dot', address: 'a.@example.com' },
    { name: 'with two dots in a row', address: 'a..b@example.com' },
    { name: 'with all of that', address: '.a..b@example.com' },
    { name: 'with nothing before the @', address: '@example.com' },
    { name: 'without a domain', address: 'a@' },
    { name: 'without an @', address: 'example.com' },
    { name: 'with an empty label in its domain', address: 'a@example..com' },
    { name: 'whose domain starts with a dot', address: 'a@.example.com' },
    { name: 'whose domain ends with a dot', address: 'a@example.com.' },
    { name: 'whose domain is an IP address without brackets', address: 'a@192.0.2.1' },
    { name: 'with a line break', address: 'a@example.com\r\nRCPT TO:<b@example.net>' },
    { name: 'with a line break in its local part', address: 'a\r\n@example.com' },
    { name: 'that closes the bracket', address: 'a>@example.com' },
    { name: 'whose quotes do not end', address: '"a b@example.com' },
    { name: 'that closes the bracket in its quotes', address: '"a>b"@example.com' },
    { name: 'with a line break in its quotes', address: '"a\r\nb"@example.com' },
  ])('$name', ({ address }) => {
    expect(envelopeAddress(address).kind).toBe('invalid');
  });
});
