// Statuses for the tests of the relays room; every one that is made runs through the condition laws.
import { expect } from 'vitest';
import { brokenLaws } from '../../src/api/conditions.ts';
import type { ProbeReport, SmtpRelaySpec, SmtpRelayStatus } from '../../src/api/smtp-relay.ts';
import { nextStatus, type StatusInput } from '../../src/relays/next-status.ts';
import type { Verdict } from '../../src/relays/verdict.ts';

export const spec: SmtpRelaySpec = {
  host: 'mail.example.com',
  addressFamily: 'Any',
  connectionTimeout: '30s',
  deliveryTimeouts: { command: '5m', dataEnd: '10m' },
  tls: { mode: 'StartTls', minVersion: 'TLS1.2' },
  limits: { maxConnections: 5, messagesPerMinute: 0, maxRecipientsPerMessage: 100 },
  allowedNamespaces: { from: 'Same' },
  sandbox: {},
  probe: { interval: '5m', depth: 'Auth', failureThreshold: 3, certificateWarningDays: 21 },
  suspend: false,
};

export const effective = { endpoint: 'mail.example.com:587', port: 587, tlsMode: 'StartTls' };

export const succeeded: ProbeReport = {
  time: '2026-11-24T10:00:00Z',
  outcome: 'Succeeded',
  depth: 'Auth',
  reason: 'Succeeded',
  message: 'Successfully connected to mail.example.com:587',
  address: '192.0.2.10:587',
  tls: {
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    verified: true,
    sha256: 'AA',
    notAfter: '2027-11-24T10:00:00Z',
  },
};

export function failed(failedStage: string, reason: string, more: Partial<ProbeReport> = {}): ProbeReport {
  const { tls: _, ...rest } = succeeded;
  return { ...rest, outcome: 'Failed', failedStage, reason, message: `${reason} at ${failedStage}`, ...more };
}

export function probed(report: ProbeReport, more: Partial<Verdict & { kind: 'probed' }> = {}): Verdict {
  return {
    kind: 'probed',
    report,
    spec,
    effective,
    references: [],
    consecutiveFailures: report.outcome === 'Failed' ? 1 : 0,
    countsAtOnce: true,
    ...more,
  };
}

/** The next status, lawful or the test fails. */
export function lawful(input: Partial<StatusInput> & Pick<StatusInput, 'verdict'>): SmtpRelayStatus {
  const complete = {
    before: undefined,
    generation: 1,
    handledRequest: undefined,
    now: Date.parse('2026-11-24T10:00:00Z'),
    ...input,
  };
  const status = nextStatus(complete);
  expect(brokenLaws(status, complete.before)).toEqual([]);
  return status;
}

/** `Type=Status Reason` of each condition, in order. */
export function conditionsOf(status: SmtpRelayStatus): string[] {
  return (status.conditions ?? []).map(({ type, status: value, reason }) => `${type}=${value} ${reason}`);
}
