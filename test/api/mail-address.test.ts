import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { domainAllowed, type MailAddress, maskAddress, parseAddress } from '../../src/api/mail-address.ts';

describe('an address is parsed', () => {
  const cases: readonly [string, string, Partial<MailAddress>][] = [
    ['plain', 'jane.doe@example.com', { text: 'jane.doe@example.com', needsSmtpUtf8: false, quoted: false }],
    ['its domain in lower case, its local part as it is', 'Jane@EXAMPLE.com', { text: 'Jane@example.com' }],
    ['a plus tag', 'jane+x@example.com', { local: 'jane+x' }],
    [
      'an internationalized domain as A-labels',
      'jane@bücher.example',
      { domain: 'xn--bcher-kva.example', unicodeDomain: 'bücher.example', needsSmtpUtf8: false },
    ],
    ['A-labels as they are', 'jane@xn--bcher-kva.example', { unicodeDomain: 'bücher.example' }],
    ['a local part that needs SMTPUTF8', 'jürgen@example.com', { needsSmtpUtf8: true }],
    ['a quoted local part', '"jane doe"@example.com', { local: '"jane doe"', quoted: true }],
    ['quotes that need not be there', '"jane"@example.com', { text: 'jane@example.com', quoted: false }],
    ['an @ inside quotes', '"a@evil.example"@example.com', { domain: 'example.com', quoted: true }],
    ['a quoted pair', '"a\\"b"@example.com', { local: '"a\\"b"' }],
    ['a domain of one label', 'root@mailhost', { domain: 'mailhost' }],
    [
      'two hyphens where A-labels have them',
      'jane@ab--cd.example',
      { domain: 'ab--cd.example', unicodeDomain: 'ab--cd.example' },
    ],
    ['an IPv4 literal', 'a@[192.0.2.1]', { domain: '[192.0.2.1]' }],
    ['an IPv6 literal', 'a@[IPv6:2001:DB8::1]', { domain: '[IPv6:2001:db8::1]' }],
    ['64 octets of local part', `${'a'.repeat(64)}@example.com`, {}],
  ];
  test.each(cases)('%s', (_, text, expected) => {
    expect(parseAddress(text)).toMatchObject({ kind: 'address', ...expected });
  });
});

describe('is no address', () => {
  const cases: readonly [string, string, RegExp][] = [
    ['nothing', '', /name@domain/],
    ['no @', 'jane', /name@domain/],
    ['nothing before the @', '@example.com', /name@domain/],
    ['nothing after the @', 'jane@', /empty/],
    ['two @', 'jane@evil.example@example.com', /character "@"/],
    ['two addresses', 'a@example.com,b@example.com', /character ","/],
    ['a display name', 'Jane <jane@example.com>', /quotes|character/],
    ['angle brackets', '<jane@example.com>', /quotes|character/],
    ['a comment', 'jane(hello)@example.com', /quotes/],
    ['a comment in the domain', 'jane@example.com(x)', /character "\("/],
    ['a route', '@relay.example:jane@example.com', /name@domain/],
    ['a line break', 'jane@example.com\r\nRCPT TO:<x@evil.example>', /line break/],
    ['a NUL', 'jane\u0000@example.com', /control/],
    ['a line separator', 'jane\u2028@example.com', /line break/],
    ['a lone surrogate', 'jane\ud800@example.com', /control/],
    ['a space', 'jane doe@example.com', /quotes/],
    ['a zero-width space', 'ja\u200bne@example.com', /invisible/],
    ['two dots in the local part', 'a..b@example.com', /quotes/],
    ['a dot at its end', 'a.@example.com', /quotes/],
    ['two dots in the domain', 'a@example..com', /empty/],
    ['a dot at the end of the domain', 'a@example.com.', /empty/],
    ['an underscore in the domain', 'a@ex_ample.com', /character "_"/],
    ['a hyphen at the end of a label', 'a@example-.com', /"example-"/],
    ['a percent sign in an internationalized domain', 'a@b%C3%BCcher.ü', /character "%"/],
    ['a number for a domain', 'a@0x7f.1', /number/],
    ['full-width letters for a plain name', 'a@ｅxample.com', /write that/],
    ['A-labels that decode to nothing', 'a@xn--a.example', /IDNA/],
    ['65 octets of local part', `${'a'.repeat(65)}@example.com`, /64/],
    ['a label of 64 characters', `a@${'b'.repeat(64)}.com`, /no part/],
    ['a domain of 256 characters', `a@${`${'b'.repeat(50)}.`.repeat(5)}c`, /255/],
    ['255 octets in all', `a@${`${'b'.repeat(49)}.`.repeat(5)}ccc`, /254/],
    ['a literal that is no address', 'a@[example.com]', /literal/],
    ['an IPv6 literal without its tag', 'a@[2001:db8::1]', /literal/],
    ['text after a quoted part', '"a"b@example.com', /name@domain/],
    ['an open quote', '"a@example.com', /name@domain/],
  ];
  test.each(cases)('%s', (_, text, message) => {
    expect(parseAddress(text)).toMatchObject({ kind: 'invalid', message: expect.stringMatching(message) });
  });
});

describe('a recipient domain', () => {
  const cases: readonly [string, string, readonly string[] | undefined, boolean][] = [
    ['any is allowed without a list', '"a b"@example.com', undefined, true],
    ['none is allowed by an empty list', 'a@example.com', [], false],
    ['matches exactly', 'a@example.com', ['example.com'], true],
    ['does not match by its end', 'a@badexample.com', ['example.com'], false],
    ['a subdomain needs a wildcard', 'a@mail.example.com', ['example.com'], false],
    ['a wildcard takes subdomains', 'a@a.mail.example.com', ['*.example.com'], true],
    ['a wildcard does not take the domain itself', 'a@example.com', ['*.example.com'], false],
    ['case does not matter', 'a@EXAMPLE.com', ['Example.COM'], true],
    ['Unicode and A-labels are the same', 'a@bücher.example', ['xn--bcher-kva.example'], true],
    ['a pattern may be Unicode', 'a@xn--bcher-kva.example', ['bücher.example'], true],
    ['a quoted local part is refused', '"a@evil.example"@example.com', ['example.com'], false],
    ['the percent hack is refused', 'a%evil.example@example.com', ['example.com'], false],
    ['a bang path is refused', 'evil!a@example.com', ['example.com'], false],
    ['an address literal is refused', 'a@[192.0.2.1]', ['[192.0.2.1]', '*.1'], false],
    ['a star alone allows nothing', 'a@example.com', ['*'], false],
  ];
  test.each(cases)('%s', (_, text, patterns, allowed) => {
    const parsed = parseAddress(text);
    expect(parsed.kind === 'address' && domainAllowed(parsed, patterns)).toBe(allowed);
  });
});

test.each([
  ['jane@example.com', 'j***@example.com'],
  ['j@example.com', '***@example.com'],
  ['"jane doe"@example.com', '***@example.com'],
  ['jürgen@bücher.example', 'j***@xn--bcher-kva.example'],
  ['not an address', '***'],
])('%s is shown as %s', (text, masked) => {
  expect(maskAddress(text)).toBe(masked);
});

const nasty = fc.constantFrom('\r', '\n', '\u0000', '\u2028', '\u0085', '\u001b');

test('whatever is parsed has no character that ends a command, and parses to itself again', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('@', '"', '.', '\\', 'a', ',', 'ü', '<', '>', 'example.com', '[', ']'),
    nasty,
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const parsed = parseAddress(pieces.join(''));
      if (parsed.kind === 'invalid') return;
      expect(parsed.text).not.toMatch(/\p{Cc}|\u2028|\u2029/u);
      expect(parseAddress(parsed.text)).toEqual(parsed);
      expect(parsed.domain).toMatch(/^[a-z0-9.-]+$|^\[[0-9a-zA-Z:.]+\]$/);
    }),
    { numRuns: 2000 },
  );
});

const local = fc.stringMatching(/^[a-z0-9!#$&'*+/=?^_`{|}~-]{1,20}(\.[a-z0-9]{1,10})?$/);
const domain = fc.domain().filter((name) => name.length < 180);

test('a valid address passes as it is, with a nasty character anywhere it does not', () => {
  fc.assert(
    fc.property(local, domain, nasty, fc.nat(), (name, host, bad, where) => {
      const text = `${name}@${host}`;
      expect(parseAddress(text)).toMatchObject({ kind: 'address', text: `${name}@${host.toLowerCase()}` });
      const at = where % (text.length + 1);
      expect(parseAddress(text.slice(0, at) + bad + text.slice(at)).kind).toBe('invalid');
    }),
  );
});

test('two addresses are never one, however they are joined', () => {
  const joint = fc.constantFrom(',', ', ', ' ', ';', '\n', '>,<', '><', '\t', '@');
  fc.assert(
    fc.property(local, domain, joint, (name, host, between) => {
      expect(parseAddress(`${name}@${host}${between}${name}@${host}`).kind).toBe('invalid');
    }),
  );
});
