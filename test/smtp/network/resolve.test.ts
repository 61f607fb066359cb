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

describe('of the names that the search list makes of a host', () => {
  const inSearch = 'mail.example.com.mail.svc.cluster.local';
  const searchNames = async (name: string) => [inSearch, `${name}.cluster.local`, name];

  async function search(zone: Zone, timeout = 5_000) {
    server = await startDnsServer(zone);
    const options = { timeout, signal: new AbortController().signal, dnsServers: [server.address], searchNames };
    return await resolveHost('mail.example.com', options);
  }

  test.each(['SERVFAIL', 'REFUSED', 'silence'] as const)(
    'one that ends in %s does not hide the next',
    async (trouble) => {
      const zone = { [inSearch]: trouble, 'mail.example.com': ['192.0.2.7'] };
      expect(await search(zone)).toEqual({ kind: 'addresses', addresses: ['192.0.2.7'] });
    },
  );

  test('the first with an address is taken, and no further one is asked for', async () => {
    expect(await search({ [inSearch]: ['192.0.2.1'], 'mail.example.com': ['192.0.2.7'] })).toEqual({
      kind: 'addresses',
      addresses: ['192.0.2.1'],
    });
    expect(server?.asked.toSorted()).toEqual([`${inSearch} A`, `${inSearch} AAAA`]);
  });

  test('what is said of the host as it was written counts, and trouble with another is told', async () => {
    expect(await search({ [inSearch]: 'SERVFAIL' })).toMatchObject({
      reason: 'HostNotFound',
      what: expect.stringMatching(
        /"mail\.example\.com" does not exist.*tried: "\S+local", for which it answered SERVFAIL/,
      ),
    });
  });

  test('trouble with the host as it was written is trouble', async () => {
    expect(await search({ 'mail.example.com': 'SERVFAIL' })).toMatchObject({
      reason: 'ResolverUnavailable',
      what: expect.stringMatching(/answered SERVFAIL when asked for the addresses of "mail\.example\.com"/),
    });
  });

  test('none is asked for once the time is up', async () => {
    const began = Date.now();
    const zone: Zone = {
      [inSearch]: 'silence',
      'mail.example.com.cluster.local': 'silence',
      'mail.example.com': 'silence',
    };
    expect(await search(zone, 400)).toMatchObject({ reason: 'ResolverUnavailable' });
    expect(Date.now() - began).toBeLessThan(4_000);
    expect(server?.asked).not.toContain('mail.example.com A');
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
