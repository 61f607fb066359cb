// What policies and their rules are like, read from their statuses at each scrape. On a cluster each replica tells the same.
import { Gauge, type Registry } from 'prom-client';
import type { NotificationPolicyStatus, RuleStatus } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import { createLabelBudget, mostObjects, others } from './label-budget.ts';

export interface PolicyView {
  readonly key: Key;
  readonly status: NotificationPolicyStatus | undefined;
}

/** At each scrape. */
export type ShowPolicies = (policies: readonly PolicyView[]) => void;

export function createPolicyMetrics(registry: Registry, most = mostObjects): ShowPolicies {
  const registers = [registry];
  const labelNames = ['namespace', 'policy'] as const;
  const sums = rules.map(({ name, help, of }) => ({ of, gauge: new Gauge({ name, help, labelNames, registers }) }));
  const ready = new Gauge({
    name: 'relaykeeper_policy_ready',
    help: 'Whether a policy is Ready, with the reason.',
    labelNames: [...labelNames, 'reason'],
    registers,
  });
  const budget = createLabelBudget(most);
  return (policies) => {
    budget.retain(policies.map(({ key }) => key));
    for (const { gauge } of sums) gauge.reset();
    ready.reset();
    let allReady: number | undefined;
    for (const { key, status } of policies) {
      const named = budget.of(key);
      const labels = { namespace: named.namespace, policy: named.name };
      for (const { gauge, of } of sums) gauge.inc(labels, sumOf(status, of));
      const { value, reason } = readyOf(status);
      if (value === undefined) continue;
      if (named === others) allReady = Math.min(allReady ?? 1, value);
      else ready.set({ ...labels, reason }, value);
    }
    if (allReady !== undefined) ready.set({ namespace: others.namespace, policy: others.name, reason: '' }, allReady);
  };
}

/** Sums over the rules of a policy. */
const rules: readonly {
  readonly name: string;
  readonly help: string;
  readonly of: (rule: RuleStatus) => number | undefined;
}[] = [
  {
    name: 'relaykeeper_alarms_active',
    help: 'Alarms that fire, of the alarm rules of a policy.',
    of: ({ kind, subjects }) => (kind === 'Alarm' ? subjects : undefined),
  },
  {
    name: 'relaykeeper_reminders_due',
    help: 'Reminders that the last run of the reminder rules of a policy found due.',
    of: ({ kind, due }) => (kind === 'Reminder' ? due : undefined),
  },
  {
    name: 'relaykeeper_mails_held',
    help: 'Mails of a policy that are held: for review, by a quiet period or by a rate limit.',
    of: ({ held }) => held,
  },
  {
    name: 'relaykeeper_subjects_invalid',
    help: 'Subjects of the rules of a policy that cannot be used, such as an account without an address.',
    of: ({ invalid }) => invalid,
  },
];

function sumOf(status: NotificationPolicyStatus | undefined, of: (rule: RuleStatus) => number | undefined): number {
  return (status?.rules ?? []).reduce((sum, rule) => sum + (of(rule) ?? 0), 0);
}

function readyOf(status: NotificationPolicyStatus | undefined) {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (!ready || ready.status === 'Unknown') return { value: undefined, reason: '' };
  return { value: Number(ready.status === 'True'), reason: ready.reason };
}
