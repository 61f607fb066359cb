// Stored relays as the terminal's tests show them.
import type { SmtpRelayStatus } from '../../src/api/smtp-relay.ts';
import type { StoredRelay } from '../../src/store/store.ts';

export const now = Date.parse('2026-11-24T12:00:00Z');

export interface RelayFacts {
  readonly namespace?: string;
  readonly host?: string;
  readonly spec?: unknown;
  readonly status?: SmtpRelayStatus;
}

export function relayOf(name: string, facts: RelayFacts = {}): StoredRelay {
  const {
    namespace = 'mail',
    host = `${name}.example.com`,
    spec = { host, tls: { mode: 'StartTls' } },
    status,
  } = facts;
  const created = { uid: name, generation: 1, resourceVersion: '1', creationTimestamp: '2026-11-24T11:56:48Z' };
  const manifest = { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'SmtpRelay', metadata: { name, namespace }, spec };
  return { metadata: { name, namespace, ...created }, manifest, status };
}

type Ready = 'True' | 'False' | 'Unknown';

export function statusOf(
  ready: Ready,
  reason: string,
  more: SmtpRelayStatus & { message?: string } = {},
): SmtpRelayStatus {
  const { message = `what ${reason} means`, ...rest } = more;
  const lastTransitionTime = '2026-11-24T11:59:00Z';
  return {
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status: ready, reason, message, observedGeneration: 1, lastTransitionTime }],
    effective: { endpoint: 'x:587', port: 587, tlsMode: 'StartTls' },
    lastProbe: { time: '2026-11-24T11:59:15Z', outcome: 'Succeeded', depth: 'Auth', reason, message },
    ...rest,
  };
}
