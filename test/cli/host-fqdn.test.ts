import { expect, test } from 'vitest';
import { fqdnIn } from '../../src/cli/host-fqdn.ts';

test.each([
  [
    'the name with a domain on the line of the host',
    '10.1.2.3 pod-0.relaykeeper.mail.svc.cluster.local pod-0',
    'pod-0.relaykeeper.mail.svc.cluster.local',
  ],
  ['in whichever order', '10.1.2.3 pod-0 pod-0.example.com # mine', 'pod-0.example.com'],
  ['not a name of another host', '10.1.2.3 pod-0 other.example.com', undefined],
  ['not a comment', '# pod-0 pod-0.example.com', undefined],
  ['nothing where the host is not named', '127.0.0.1 localhost', undefined],
])('the hosts file gives %s', (_, hosts, expected) => {
  expect(fqdnIn(hosts, 'pod-0')).toBe(expected);
});
