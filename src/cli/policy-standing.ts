// Why a policy, or one of its rules, sends nothing at present, as far as it is known from outside the operator.
import type { NotificationPolicySpec, RuleStatus } from '../api/notification-policy.ts';
import { parsePolicy } from '../api/validate-policy.ts';
import type { StoredPolicy } from '../store/policy-store.ts';

export type PolicyLook =
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'valid'; readonly spec: NotificationPolicySpec };

export function lookAtPolicy({ manifest }: Pick<StoredPolicy, 'manifest'>): PolicyLook {
  const parsed = parsePolicy(manifest);
  if (parsed.kind === 'valid') return { kind: 'valid', spec: parsed.policy.spec };
  const faults = parsed.violations.map(({ fieldPath, message }) => `${fieldPath}: ${message}`);
  return { kind: 'invalid', message: faults.join('; ') };
}

export interface RuleName {
  readonly kind: 'Credentials' | 'Reminder';
  readonly name: string;
}

/** A sentence; undefined where nothing is known that would hold it back. */
export function whyNothingIsSent(
  stored: StoredPolicy,
  { suspend, mode }: Pick<NotificationPolicySpec, 'suspend' | 'mode'>,
  rule: RuleName,
): string | undefined {
  if (suspend) return 'The policy is suspended (spec.suspend).';
  if (mode === 'DryRun') return 'The policy sends nothing (spec.mode is DryRun).';
  const { status } = stored;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (!ready) return 'No operator has looked at the policy yet.';
  const { message } = ruleStatus(stored, rule) ?? {};
  if (message) return sentence(message);
  return ready.status === 'True' ? undefined : sentence(`The policy is not ready: ${ready.reason}: ${ready.message}`);
}

export function ruleStatus({ status }: Pick<StoredPolicy, 'status'>, rule: RuleName): RuleStatus | undefined {
  return status?.rules?.find(({ kind, name }) => kind === rule.kind && name === rule.name);
}

export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
