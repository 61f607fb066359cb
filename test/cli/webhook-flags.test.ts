// Where the webhook listens, and which flags go together.
import { expect, test } from 'vitest';
import { gatherRoles, hasRole } from '../../src/cli/roles.ts';
import { listenAddress, webhookListenOf } from '../../src/cli/webhook-flags.ts';

test.each([
  ['127.0.0.1:8443', { address: '127.0.0.1', port: 8443 }],
  ['[::1]:8443', { address: '::1', port: 8443 }],
  ['0.0.0.0:0', { address: '0.0.0.0', port: 0 }],
  [':8443', { address: expect.stringMatching(/^(::|0\.0\.0\.0)$/), port: 8443 }],
  ['[::]:65535', { address: '::', port: 65_535 }],
])('%s is taken', (text, found) => {
  expect(listenAddress(text)).toEqual(found);
});

test.each([
  '',
  '8443',
  'localhost:1',
  '::1:1',
  '[::1]',
  '[127.0.0.1]:1',
  '1.2.3.4:65536',
  '1.2.3.4:-1',
  '[]:1',
  '1.2.3:1',
])('%j is refused', (text) => {
  expect(() => listenAddress(text)).toThrow('It must be an IP address and a port');
});

const listen = { webhookListen: { address: '127.0.0.1', port: 0 } };

test('without the flag there is none', () => {
  expect(webhookListenOf({})).toBeUndefined();
  expect(webhookListenOf({ roles: ['alarms'] })).toBeUndefined();
});

test('with it, and with TLS', () => {
  expect(webhookListenOf(listen)).toEqual({ address: '127.0.0.1', port: 0, tls: undefined });
  expect(webhookListenOf({ ...listen, webhookTlsCert: 'c', webhookTlsKey: 'k' })?.tls).toEqual({
    certFile: 'c',
    keyFile: 'k',
  });
});

test.each([
  ['a key alone', { ...listen, webhookTlsKey: 'k' }, 'go together'],
  ['TLS for nothing', { webhookTlsCert: 'c' }, 'go with --webhook-listen'],
  ['the role without an address', { roles: ['webhook' as const] }, '--roles webhook takes --webhook-listen'],
  ['an address without the role', { ...listen, roles: ['alarms' as const] }, 'goes with the role webhook'],
])('%s is refused', (_name, flags, message) => {
  expect(() => webhookListenOf(flags)).toThrow(message);
});

test('roles are gathered, and all are had where none is named', () => {
  expect(gatherRoles('alarms,webhook', ['probes'])).toEqual(['probes', 'alarms', 'webhook']);
  expect(hasRole(undefined, 'delivery')).toBe(true);
  expect(hasRole(['alarms'], 'delivery')).toBe(false);
  expect(() => gatherRoles(',', undefined)).toThrow(
    'It must name roles: scheduler, alarms, probes, webhook, delivery.',
  );
  expect(() => gatherRoles('leader', undefined)).toThrow('There is no role "leader"; there are: scheduler,');
});
