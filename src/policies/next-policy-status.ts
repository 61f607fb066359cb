// The status of a policy that follows from the one before and what is known now. Pure; the laws are in api/conditions.ts.
import { type DesiredCondition, nextConditions } from '../api/conditions.ts';
import {
  type NotificationPolicyStatus,
  type RecentDelivery,
  type RuleStatus,
  releaseAnnotation,
  type UpcomingReminder,
} from '../api/notification-policy.ts';
import { accepted, referencesResolved, rejected, unresolved } from '../api/spec-conditions.ts';
import type { Violation } from '../api/violation.ts';
import { total } from './counted-status.ts';

export type PolicyVerdict =
  /** The spec cannot be used; only an edit can help. */
  | { readonly kind: 'rejected'; readonly violation: Violation }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'unresolved'; readonly violation: Violation }
  | {
      readonly kind: 'running';
      readonly relay: DesiredCondition;
      readonly dryRun: boolean;
      readonly rules: readonly RuleStatus[];
      readonly upcoming: readonly UpcomingReminder[];
    };

export interface PolicyStatusInput {
  readonly before: NotificationPolicyStatus | undefined;
  readonly generation: number;
  readonly verdict: PolicyVerdict;
  /** The newest first. */
  readonly recentDeliveries: readonly RecentDelivery[];
  /** Absent: as before. */
  readonly lastTest?: NotificationPolicyStatus['lastTest'];
  readonly now: number;
}

export function nextPolicyStatus({
  before,
  generation,
  verdict,
  recentDeliveries,
  lastTest,
  now,
}: PolicyStatusInput): NotificationPolicyStatus {
  const old = before?.conditions ?? [];
  const rules = verdict.kind === 'running' ? [...verdict.rules] : (before?.rules ?? []);
  const nextRun = earliest(verdict.kind === 'running' ? rules.map((rule) => rule.nextRun) : []);
  const { nextRun: _, ...kept } = before ?? {};
  return {
    ...kept,
    observedGeneration: generation,
    conditions: nextConditions(old, desired(verdict, recentDeliveries), { generation, now }),
    totals: totalsOf(rules),
    rules: rules.slice(0, 64),
    upcoming: verdict.kind === 'running' ? verdict.upcoming.slice(0, 10) : [],
    recentDeliveries: recentDeliveries.slice(0, 10),
    ...(nextRun !== undefined && { nextRun }),
    ...(lastTest && { lastTest }),
  };
}

function desired(verdict: PolicyVerdict, recent: readonly RecentDelivery[]): DesiredCondition[] {
  switch (verdict.kind) {
    case 'rejected':
      return rejected(verdict.violation);
    case 'suspended':
      return [
        {
          type: 'Ready',
          status: 'False',
          reason: 'Suspended',
          message: 'Nothing is sent (spec.suspend); what is due waits',
        },
        accepted,
      ];
    case 'unresolved':
      return unresolved(verdict.violation);
    case 'running':
      return running(verdict, recent);
  }
}

function running(
  { relay, dryRun, rules }: PolicyVerdict & { kind: 'running' },
  recent: readonly RecentDelivery[],
): DesiredCondition[] {
  return [readyOf({ relay, dryRun, rules }), accepted, referencesResolved, relay, ...delivering(recent)];
}

function readyOf({
  relay: { status, reason, message },
  dryRun,
  rules,
}: Pick<PolicyVerdict & { kind: 'running' }, 'relay' | 'dryRun' | 'rules'>): DesiredCondition {
  const type = 'Ready';
  if (status !== 'True') return { type, status, reason, message };
  if (dryRun) {
    return {
      type,
      status,
      reason: 'DryRun',
      message: 'Counts and shows what would be sent; sends nothing (spec.mode)',
    };
  }
  const held = rules.filter(({ heldRun }) => heldRun !== undefined);
  if (held.length > 0)
    return { type, status, reason: 'RunHeld', message: `${held.map(heldText).join(' ')} ${message}` };
  return { type, status, reason: reason === 'RelayReady' ? 'Running' : reason, message };
}

/** Of a rule that holds a run. */
export function heldText({ name, held = 0, heldRun }: RuleStatus): string {
  return `Rule "${name}" holds ${held} mails for review; the annotation ${releaseAnnotation}: ${heldRun} sends them.`;
}

/** By the last delivery; nothing is said before the first. */
function delivering([last]: readonly RecentDelivery[]): DesiredCondition[] {
  if (!last) return [];
  const type = 'Delivering';
  const message = [last.relay, last.reply].filter(Boolean).join(': ');
  if (last.outcome === 'Accepted')
    return [{ type, status: 'True', reason: 'Accepted', message: message || 'Accepted by the relay' }];
  // One refused recipient says nothing of the others: Ready stays as it is.
  return [
    {
      type,
      status: 'Unknown',
      reason: last.reason ?? last.outcome ?? 'Refused',
      message: message || 'The last message was not delivered',
    },
  ];
}

function totalsOf(rules: readonly RuleStatus[]) {
  return { sent: total(rules, 'sent'), failed: total(rules, 'failed'), pending: total(rules, 'pending') };
}

function earliest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).sort()[0];
}
