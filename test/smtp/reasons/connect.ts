import { expect } from 'vitest';
import { unusedPort } from '../../../demo/other-listeners.ts';
import { startDeafPort } from '../deaf-port.ts';
import type { ReasonCase } from './reason-case.ts';

export const connectCases: readonly ReasonCase[] = [
  {
    name: 'nothing listens',
    reason: 'ConnectionRefused',
    stage: 'Connect',
    says: /127\.0\.0\.1:\d+ refused the connection/,
    advises: /check spec\.port \(usual are 587 with tls\.mode StartTls, 465 with Implicit, 25 between servers\)/,
    ask: async () => ({ port: await unusedPort() }),
    also: (report) =>
      expect(report.addresses).toEqual([{ address: expect.stringMatching(/^127/), reason: 'ConnectionRefused' }]),
  },
  {
    name: 'every address is tried and listed',
    reason: 'ConnectionRefused',
    stage: 'Connect',
    says: /127\.0\.0\.2:\d+ refused.*127\.0\.0\.3:\d+ refused/,
    advises: /that the server runs/,
    ask: async (world) => ({
      host: 'mail.example.com',
      port: await unusedPort(),
      deps: await world.resolve({ 'mail.example.com': ['127.0.0.2', '127.0.0.3', '127.0.0.4'] }),
    }),
    also: (report) => expect(report.addresses).toHaveLength(3),
  },
  {
    name: 'attempts get no answer',
    reason: 'ConnectionTimedOut',
    stage: 'Connect',
    says: /did not answer within 0\.5 s/,
    advises: /firewalls, NetworkPolicies and security groups for outbound TCP to port \d+/,
    ask: async (world) => {
      const { port, stop } = await startDeafPort();
      world.after(stop);
      return { port, connectionTimeout: 500 };
    },
  },
  {
    name: 'no route',
    reason: 'NetworkUnreachable',
    stage: 'Connect',
    says: /255\.255\.255\.255:25 cannot be reached \(E[A-Z]+\)/,
    advises: /Check the routes/,
    ask: async () => ({ host: '255.255.255.255', port: 25 }),
  },
];
