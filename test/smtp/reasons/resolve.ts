import { expect } from 'vitest';
import { clusterDeniedCidrs } from '../../../src/smtp/address-rule.ts';
import type { ReasonCase } from './reason-case.ts';

const port = 587;

export const resolveCases: readonly ReasonCase[] = [
  {
    name: 'a name that DNS does not know',
    reason: 'HostNotFound',
    stage: 'Resolve',
    says: /resolver 127\.0\.0\.1:\d+ answered that "nowhere\.example\.com" does not exist \(NXDOMAIN\)/,
    advises: /Correct spec\.host/,
    ask: async (world) => ({ host: 'nowhere.example.com', port, deps: await world.resolve({}) }),
  },
  {
    name: 'an international name is asked for in A-labels',
    reason: 'HostNotFound',
    stage: 'Resolve',
    says: /"xn--bcher-kva\.example" does not exist/,
    advises: /Correct spec\.host/,
    ask: async (world) => ({ host: 'bücher.example', port, deps: await world.resolve({}) }),
  },
  ...['smtp://mail.example.com', 'mail..example.com', '0x7f.1', 'mail example', '1.2.3'].map(
    (host): ReasonCase => ({
      name: `"${host}" is no host and is not asked for`,
      reason: 'HostNotFound',
      stage: 'Resolve',
      says: /is no host name/,
      advises: /Set spec\.host to a DNS name or an IP address/,
      ask: async () => ({ host, port }),
    }),
  ),
  {
    name: 'a resolver that fails',
    reason: 'ResolverUnavailable',
    stage: 'Resolve',
    says: /127\.0\.0\.1:\d+ answered SERVFAIL when asked for the addresses of "mail\.example\.com"/,
    advises: /CoreDNS/,
    ask: async (world) => ({
      host: 'mail.example.com',
      port,
      deps: await world.resolve({ 'mail.example.com': 'SERVFAIL' }),
    }),
  },
  {
    name: 'a resolver that will not answer this client',
    reason: 'ResolverUnavailable',
    stage: 'Resolve',
    says: /answered REFUSED/,
    advises: /Check the DNS service/,
    ask: async (world) => ({
      host: 'mail.example.com',
      port,
      deps: await world.resolve({ 'mail.example.com': 'REFUSED' }),
    }),
  },
  {
    name: 'a resolver that keeps silent',
    reason: 'ResolverUnavailable',
    stage: 'Resolve',
    says: /did not answer in time/,
    advises: /port 53/,
    ask: async (world) => ({
      host: 'mail.example.com',
      port,
      connectionTimeout: 600,
      deps: await world.resolve({ 'mail.example.com': 'silence' }),
    }),
  },
  {
    name: 'a name without any address',
    reason: 'NoUsableAddress',
    stage: 'Resolve',
    says: /"example\.com" exists but has neither an A nor an AAAA record/,
    advises: /Add an A or AAAA record/,
    ask: async (world) => ({ host: 'example.com', port, deps: await world.resolve({ 'example.com': [] }) }),
  },
  {
    name: 'a name with addresses of the other family only',
    reason: 'NoUsableAddress',
    stage: 'Resolve',
    says: /has no IPv4 address, only 2001:db8::1/,
    advises: /addressFamily to Any/,
    ask: async (world) => ({
      host: 'mail.example.com',
      port,
      addressFamily: 'IPv4',
      deps: await world.resolve({ 'mail.example.com': ['2001:db8::1'] }),
    }),
  },
  {
    name: 'a name that leads to the loopback address where that is denied',
    reason: 'AddressNotAllowed',
    stage: 'Resolve',
    says: /leads to ::ffff:7f00:1 \(denied by 127\.0\.0\.0\/8\), 127\.0\.0\.1 \(denied by 127\.0\.0\.0\/8\)|127\.0\.0\.1 \(denied/,
    advises: /--denied-cidrs/,
    ask: async (world) => {
      const server = await world.serve((peer) => peer.send('220 reached\r\n'));
      world.after(async () => expect(server.received).toEqual([]));
      return {
        host: 'mail.example.com',
        port: server.port,
        addressRule: { deniedCidrs: clusterDeniedCidrs },
        deps: await world.resolve({ 'mail.example.com': ['127.0.0.1', '::ffff:7f00:1'] }),
      };
    },
    also: (report) =>
      expect(report.addresses?.map(({ reason }) => reason)).toEqual(['AddressNotAllowed', 'AddressNotAllowed']),
  },
];
