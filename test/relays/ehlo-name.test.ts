import { expect, test } from 'vitest';
import { ehloNameFor } from '../../src/relays/ehlo-name.ts';

const none = { ehloName: undefined, hostName: undefined };
const sender = { address: 'relay@example.com' };

test.each([
  [
    'the spec comes first',
    { ehloName: 'spec.example.com', sender },
    { ehloName: 'flag.example.com', hostName: 'h.example.com' },
    'spec.example.com',
  ],
  ['then --ehlo-name', { sender }, { ehloName: 'flag.example.com', hostName: 'h.example.com' }, 'flag.example.com'],
  ['then the name of the host', { sender }, { ...none, hostName: 'h.example.com' }, 'h.example.com'],
  ["then the sender's domain", { sender }, none, 'example.com'],
  [
    'a pod name has no dot and is passed over',
    { sender },
    { ...none, hostName: 'relaykeeper-7d9f-x2x' },
    'example.com',
  ],
  ['a loopback name is passed over', { sender }, { ...none, hostName: 'localhost.localdomain' }, 'example.com'],
  ['an address is no name', {}, { ...none, hostName: '10.1.2.3' }, undefined],
  ['nothing usable is said so', {}, { ...none, hostName: 'pod' }, undefined],
])('%s', (_, spec, settings, expected) => {
  expect(ehloNameFor(spec, settings)).toBe(expected);
});
