import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clusterDeniedCidrs, deniedBy, parseCidr } from '../../src/smtp/address-rule.ts';

describe('in a cluster', () => {
  test.each([
    ['127.0.0.1', '127.0.0.0/8'],
    ['127.255.255.254', '127.0.0.0/8'],
    ['169.254.169.254', '169.254.0.0/16'],
    ['0.0.0.0', '0.0.0.0/8'],
    ['::1', '::1/128'],
    ['::', '::/128'],
    ['fe80::1', 'fe80::/10'],
    ['fe80::1%eth0', 'fe80::/10'],
    ['::ffff:127.0.0.1', '127.0.0.0/8'],
    ['::ffff:7f00:1', '127.0.0.0/8'],
    ['0:0:0:0:0:ffff:a9fe:a9fe', '169.254.0.0/16'],
    ['64:ff9b::169.254.169.254', '169.254.0.0/16'],
    ['64:ff9b::7f00:1', '127.0.0.0/8'],
    ['::127.0.0.1', '127.0.0.0/8'],
  ])('%s is denied by %s', (address, cidr) => {
    expect(deniedBy(address, { deniedCidrs: clusterDeniedCidrs })).toBe(cidr);
  });

  test.each(['10.0.0.1', '192.0.2.1', '128.0.0.1', '2001:db8::1', 'fd00::1', '::ffff:192.0.2.1', '64:ff9b::c000:201'])(
    '%s is allowed',
    (address) => {
      expect(deniedBy(address, { deniedCidrs: clusterDeniedCidrs })).toBeUndefined();
    },
  );
});

describe('a rule', () => {
  test.each(['', 'mail.example.com', '127.1', '0x7f000001'])('denies what is no address: "%s"', (address) => {
    expect(deniedBy(address, { deniedCidrs: [] })).toBeDefined();
  });

  test('that cannot be read lets nothing through', () => {
    expect(deniedBy('192.0.2.1', { deniedCidrs: ['10.0.0.0/99'] })).toBe('10.0.0.0/99');
  });

  test('for an IPv4 block holds for each of its addresses, written as IPv4 or mapped into IPv6', () => {
    const octet = fc.nat(255);
    fc.assert(
      fc.property(octet, octet, octet, (b, c, d) => {
        const rule = { deniedCidrs: ['10.0.0.0/8'] };
        expect(deniedBy(`10.${b}.${c}.${d}`, rule)).toBe('10.0.0.0/8');
        expect(deniedBy(`::ffff:10.${b}.${c}.${d}`, rule)).toBe('10.0.0.0/8');
        expect(deniedBy(`11.${b}.${c}.${d}`, rule)).toBeUndefined();
      }),
    );
  });
});

test.each(['1.2.3.4/33', '::1/129', '1.2.3.4/', '1.2.3.4/-1', '1.2.3.4/8/8', 'fe80::1%eth0/10', 'x/8'])(
  '"%s" is no block',
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);
