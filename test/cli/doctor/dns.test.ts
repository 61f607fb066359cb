// What doctor says of names, asked of a DNS server of this test.
import { expect, onTestFinished, test } from 'vitest';
import { declaredFacts } from '../../../src/cli/doctor/declared-facts.ts';
import { dnsCheck } from '../../../src/cli/doctor/dns-check.ts';
import { resolveHost } from '../../../src/smtp/network/resolve.ts';
import { startDnsServer, type Zone } from '../../smtp/dns-server.ts';

const signal = new AbortController().signal;
const relay = (name: string, host: string) => ({ metadata: { namespace: 'mail', name }, spec: { host } });

async function found(zone: Zone, relays: readonly object[], timeout = 20_000) {
  const server = await startDnsServer(zone);
  onTestFinished(server.stop);
  const findings = await dnsCheck.look(
    {
      declared: async () => ({ kind: 'read', facts: declaredFacts(relays, []) }),
      resolve: (host, stop) => resolveHost(host, { timeout, signal: stop, dnsServers: [server.address] }),
    },
    signal,
  );
  return findings.map(({ verdict, message }) => `${verdict}: ${message}`);
}

test('names that are there are counted, an address counts as one', async () => {
  const zone = { 'one.example.com': ['192.0.2.1'], 'two.example.com': ['2001:db8::1'] };
  const relays = [
    relay('a', 'one.example.com'),
    relay('b', 'two.example.com'),
    relay('c', '192.0.2.9'),
    relay('d', 'one.example.com'),
  ];
  expect(await found(zone, relays)).toEqual([
    'ok: The resolver answers.',
    'ok: The hosts of relays have addresses (3).',
  ]);
});

test('a name that is not there is told with its relays', async () => {
  const relays = [relay('a', 'gone.example.com'), relay('b', 'gone.example.com')];
  expect(await found({}, relays)).toEqual([
    'ok: The resolver answers.',
    expect.stringMatching(
      /^failed: The host of mail\/a, mail\/b cannot be resolved\. .*"gone\.example\.com" does not exist/,
    ),
  ]);
});

test.each([
  ['silence', 'did not answer in time'],
  ['SERVFAIL', 'answered SERVFAIL'],
  ['REFUSED', 'answered REFUSED'],
] as const)('a resolver that gives %s is told of', async (answer, words) => {
  const [first] = await found({ 'relaykeeper-doctor.invalid': answer }, [], 1_000);
  expect(first).toMatch(new RegExp(`^failed: The resolver 127\\.0\\.0\\.1:\\d+ ${words}`));
});

test('without relays only the resolver is asked', async () => {
  expect(await found({}, [])).toEqual(['ok: The resolver answers.']);
});

test('of very many hosts the rest is named as not asked for', async () => {
  const relays = Array.from({ length: 205 }, (_, index) => relay(`r${index}`, `192.0.2.${index}`));
  const findings = await found({}, relays);
  expect(findings.at(-1)).toBe('warning: 5 more hosts were not asked for.');
});
