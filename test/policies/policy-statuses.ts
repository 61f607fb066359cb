// Statuses of policies as they are written, with what those who wait for them are to make of each: Flux by kstatus, Argo CD by
// its health check.
import type { NotificationPolicyStatus } from '../../src/api/notification-policy.ts';
import { nextPolicyStatus, type PolicyVerdict } from '../../src/policies/next-policy-status.ts';
import type { KStatus } from '../api/kstatus.ts';

interface JudgedStatus {
  readonly status: NotificationPolicyStatus;
  readonly kstatus: KStatus;
  readonly health: 'Healthy' | 'Progressing' | 'Degraded' | 'Suspended';
  readonly spec?: object;
}

const usable = { type: 'RelayReady', status: 'True', reason: 'RelayReady', message: 'Mail leaves' } as const;
const down = { ...usable, status: 'False', reason: 'NoRelayReady', message: 'none is ready' } as const;
const running: PolicyVerdict = { kind: 'running', relay: usable, dryRun: false, rules: [], upcoming: [] };
const violation = { reason: 'SchemaInvalid', fieldPath: 'spec.relayRef', message: 'is wrong' } as const;
const missing = { reason: 'RelayNotFound', fieldPath: 'spec.relayRef', message: 'is not there' } as const;

export const policyStatuses: Readonly<Record<string, JudgedStatus>> = {
  'that runs': { status: status(running), kstatus: 'Current', health: 'Healthy' },
  'that only counts': { status: status({ ...running, dryRun: true }), kstatus: 'Current', health: 'Healthy' },
  'that is refused': { status: status({ kind: 'rejected', violation }), kstatus: 'Failed', health: 'Degraded' },
  'whose relay is not there yet': {
    status: status({ kind: 'unresolved', violation: missing }),
    kstatus: 'InProgress',
    health: 'Degraded',
  },
  'without a relay that works': {
    status: status({ ...running, relay: down }),
    kstatus: 'InProgress',
    health: 'Degraded',
  },
  // Nobody shall wait for it in vain: only an edit of spec.suspend makes it run.
  'that is suspended': {
    status: status({ kind: 'suspended' }),
    spec: { suspend: true },
    kstatus: 'Failed',
    health: 'Suspended',
  },
};

function status(verdict: PolicyVerdict): NotificationPolicyStatus {
  const now = Date.parse('2026-03-02T08:00:00Z');
  return nextPolicyStatus({ before: undefined, generation: 1, verdict, recentDeliveries: [], now });
}
