// The status of a policy that follows from the one before and what is known now. Pure; the laws are in api/conditions.ts.
import { type DesiredCondition, nextConditions } from '../api/conditions.ts';
import {
  type NotificationPolicyStatus,
  type RecentDelivery,
  type RuleStatus,
  releaseAnnotation,
  type UpcomingReminder,
} from '../api/notification-policy.ts';
import type { Condition } from '../api/smtp-relay.ts';
import { accepted, referencesResolved, rejected, unresolved as unresolvedPart } from '../api/spec-conditions.ts';
import type { Violation } from '../api/violation.ts';
import { total } from './counted-status.ts';
import type { Deferred } from './tally.ts';

export type PolicyVerdict =
  /** The spec cannot be used; only an edit can help. */
  | { readonly kind: 'rejected'; readonly violation: Violation }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'unresolved'; readonly violation: Violation }
  | {
      readonly kind: 'running';
      readonly relay: DesiredCondition;
      readonly dryRun: boolean;
      /** What a part of it refers to cannot be used; the rest goes on. */
      readonly unresolved?: Violation | undefined;
      readonly rules: readonly RuleStatus[];
      readonly upcoming: readonly UpcomingReminder[];
    };

export interface PolicyStatusInput {
  readonly before: NotificationPolicyStatus | undefined;
  readonly generation: number;
  readonly verdict: PolicyVerdict;
  /** The newest first. */
  readonly recentDeliveries: readonly RecentDelivery[];
  /** The last try of all, where it is to be repeated. */
  readonly deferred?: Deferred | undefined;
  /** Absent: as before. */
  readonly lastTest?: NotificationPolicyStatus['lastTest'];
  readonly now: number;
}

export function nextPolicyStatus({
  before,
  generation,
  verdict,
  recentDeliveries,
  deferred,
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
    conditions: nextConditions(old, desired(verdict, { recent: recentDeliveries, deferred, old }), { generation, now }),
    totals: totalsOf(rules),
    rules: rules.slice(0, 64),
    upcoming: verdict.kind === 'running' ? verdict.upcoming.slice(0, 10) : [],
    recentDeliveries: recentDeliveries.slice(0, 10),
    ...(nextRun !== undefined && { nextRun }),
    ...(lastTest && { lastTest }),
  };
}

interface Tried {
  /** The newest first. */
  readonly recent: readonly RecentDelivery[];
  readonly deferred: Deferred | undefined;
  readonly old: readonly Condition[];
}

function desired(verdict: PolicyVerdict, tried: Tried): DesiredCondition[] {
  switch (verdict.kind) {
    case 'rejected':
      return rejected(verdict.violation);
    case 'suspended':
      return suspended();
    case 'unresolved':
      return unresolvedPart(verdict.violation);
    case 'running':
      return running(verdict, tried);
  }
}

/** Stalled, too, as a suspended relay is: nobody shall wait in vain for what only an edit of spec.suspend starts. */
function suspended(): DesiredCondition[] {
  const said = { reason: 'Suspended', message: 'Nothing is sent (spec.suspend); what is due waits' };
  return [{ type: 'Ready', status: 'False', ...said }, { type: 'Stalled', status: 'True', ...said }, accepted];
}

function running(
  { relay, dryRun, rules, unresolved }: PolicyVerdict & { kind: 'running' },
  tried: Tried,
): DesiredCondition[] {
  if (unresolved) return [...unresolvedPart(unresolved), relay, ...delivering(tried)];
  return [readyOf({ relay, dryRun, rules }), accepted, referencesResolved, relay, ...delivering(tried)];
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

const delivers = 'Delivering';

/** By the last try; nothing is said before the first. */
function delivering({ recent: [last], deferred, old }: Tried): DesiredCondition[] {
  const before = old.find((one) => one.type === delivers);
  const isWaiting = before?.status === 'Unknown' && before.message.endsWith(triedAgain);
  // Servers word each reply anew: what is still the case is not written again.
  if (isWaiting && (deferred ? deferred.reason === before.reason : !isSince(last, before))) {
    return [{ type: delivers, status: 'Unknown', reason: before.reason, message: before.message }];
  }
  return deferred ? [deferredCondition(deferred)] : settledCondition(last);
}

const triedAgain = '; it is tried again';

function deferredCondition({ relay, reply, reason = 'Deferred' }: Deferred): DesiredCondition {
  const message = `${[relay, reply].filter(Boolean).join(': ')}${triedAgain}`;
  return { type: delivers, status: 'Unknown', reason, message };
}

/** In whole seconds, as both are written. */
function isSince(last: RecentDelivery | undefined, { lastTransitionTime }: Condition): boolean {
  return last?.time !== undefined && last.time >= lastTransitionTime;
}

function settledCondition(last: RecentDelivery | undefined): DesiredCondition[] {
  if (!last) return [];
  const type = delivers;
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
