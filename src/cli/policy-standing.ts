// Why a policy sends nothing at present, as far as it is known from outside the operator. What is wrong with one rule or one
// subject is said of that alone: a status names the first fault of many.
import type { NotificationPolicySpec, RuleStatus } from '../api/notification-policy.ts';
import { releaseAnnotation } from '../api/notification-policy.ts';
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

/** A sentence; undefined where nothing is known that would hold back all of its mail. */
export function whyNothingIsSent(
  { status }: Pick<StoredPolicy, 'status'>,
  { suspend, mode }: Pick<NotificationPolicySpec, 'suspend' | 'mode'>,
): string | undefined {
  if (suspend) return 'The policy is suspended (spec.suspend).';
  if (mode === 'DryRun') return 'The policy sends nothing (spec.mode is DryRun).';
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (!ready) return 'No operator has looked at the policy yet.';
  if (ready.status === 'True' || ready.reason === encryptionRequired) return undefined;
  return sentence(`The policy is not ready: ${ready.reason}: ${ready.message}`);
}

/** Of the rules that mail passwords. */
const encryptionRequired = 'EncryptionRequired';

export function encryptionMissing({ status }: Pick<StoredPolicy, 'status'>): string | undefined {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.reason === encryptionRequired
    ? 'The rule mails passwords, and no relay of the policy is encrypted (EncryptionRequired).'
    : undefined;
}

/** Undefined where the rule holds nothing. */
export function heldText({ held, heldRun }: Pick<RuleStatus, 'held' | 'heldRun'> = {}): string | undefined {
  if (!held || heldRun === undefined) return undefined;
  return `Held for review with a run of ${held} mails; the annotation ${releaseAnnotation}: ${heldRun} sends them.`;
}

export function ruleStatus({ status }: Pick<StoredPolicy, 'status'>, rule: RuleName): RuleStatus | undefined {
  return status?.rules?.find(({ kind, name }) => kind === rule.kind && name === rule.name);
}

export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
