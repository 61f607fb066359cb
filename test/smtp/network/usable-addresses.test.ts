import { describe, expect, test } from 'vitest';
import { usableAddresses } from '../../../src/smtp/network/usable-addresses.ts';

const wish = { host: 'mail.example.com', family: 'Any', rule: { deniedCidrs: ['127.0.0.0/8'] } } as const;

describe('the addresses to try', () => {
  test('alternate between the families, IPv6 first, each once', () => {
    const resolved = ['192.0.2.1', '192.0.2.2', '192.0.2.1', '2001:db8::1', '192.0.2.3'];
    expect(usableAddresses(resolved, wish).addresses).toEqual(['2001:db8::1', '192.0.2.1', '192.0.2.2', '192.0.2.3']);
  });

  test('leave out what is denied, and tell it', () => {
    const usable = usableAddresses(['127.0.0.1', '192.0.2.1'], wish);
    expect(usable.addresses).toEqual(['192.0.2.1']);
    expect(usable.denied).toEqual([{ address: '127.0.0.1', cidr: '127.0.0.0/8' }]);
    expect(usable.fault).toBeUndefined();
  });

  test('are of the family that is asked for', () => {
    expect(usableAddresses(['192.0.2.1', '2001:db8::1'], { ...wish, family: 'IPv6' }).addresses).toEqual([
      '2001:db8::1',
    ]);
  });
});
