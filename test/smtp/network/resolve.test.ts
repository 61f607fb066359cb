import { afterEach, describe, expect, test } from 'vitest';
import { resolveHost } from '../../../src/smtp/network/resolve.ts';
import { type DnsServer, startDnsServer, type Zone } from '../dns-server.ts';

let server: DnsServer | undefined;

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function resolve(host: string, zone: Zone, timeout = 5_000) {
  server = await startDnsServer(zone);
  return await resolveHost(host, { timeout, signal: new AbortController().signal, dnsServers: [server.address] });
}

describe('a host resolves to', () => {
  test('all its addresses of both families', async () => {
    const zone = { 'mail.example.com': ['192.0.2.1', '2001:db8::1', '192.0.2.2'] };
    expect(await resolve('mail.example.com', zone)).toEqual({
      kind: 'addresses',
      addresses: ['2001:db8::1', '192.0.2.1', '192.0.2.2'],
    });
    expect(server?.asked.toSorted()).toEqual(['mail.example.com A', 'mail.example.com AAAA']);
  });

  test('itself where it is an address, and nobody is asked', async () => {
    expect(await resolve('[2001:db8::1]', {})).toEqual({ kind: 'addresses', addresses: ['2001:db8::1'] });
    expect(server?.asked).toEqual([]);
  });

  test('what the hosts file says of localhost, and nobody is asked', async () => {
    expect(await resolve('localhost', {})).toMatchObject({
      kind: 'addresses',
      addresses: expect.arrayContaining(['127.0.0.1']),
    });
    expect(server?.asked).toEqual([]);
  });
});

test('a stopped probe does not wait for a silent resolver', async () => {
  server = await startDnsServer({ 'mail.example.com': 'silence' });
  const stop = new AbortController();
  const resolving = resolveHost('mail.example.com', {
    timeout: 60_000,
    signal: stop.signal,
    dnsServers: [server.address],
  });
  stop.abort();
  expect(await resolving).toMatchObject({ kind: 'failed', reason: 'ResolverUnavailable' });
});
