// The texts of one rule's mails, also where its policy could not be run for want of a relay.
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import {
  createTemplateFor,
  type TemplateFor,
  templatesOf,
  templateViolation,
  textsOf,
} from '../policies/rule-templates.ts';
import type { PolicyStore } from '../store/policy-store.ts';

export interface RulePlace {
  readonly policy: Key;
  readonly spec: NotificationPolicySpec;
  /** Such as `spec.credentials[0]`. */
  readonly fieldPath: string;
}

export type RuleTexts =
  | { readonly kind: 'template'; readonly template: TemplateFor }
  | { readonly kind: 'failed'; readonly message: string };

export async function templateOfRule(
  { policy, spec, fieldPath }: RulePlace,
  store: Pick<PolicyStore, 'readTexts'>,
): Promise<RuleTexts> {
  const rule = templatesOf(spec).find((one) => one.fieldPath === `${fieldPath}.template`);
  if (!rule) return { kind: 'failed', message: `${fieldPath} is no rule with a mail` };
  const name = rule.template?.configMapRef?.name;
  const read = name === undefined ? undefined : await store.readTexts({ namespace: policy.namespace, name });
  if (read && read.kind !== 'found') {
    const why = read.kind === 'missing' ? 'does not exist' : 'cannot be read';
    return { kind: 'failed', message: `ConfigMap "${name}" ${why} in namespace ${policy.namespace}` };
  }
  const texts = read && textsOf(read.object);
  const violation = templateViolation(rule, texts);
  if (violation) return { kind: 'failed', message: `${violation.fieldPath}: ${violation.message}` };
  return { kind: 'template', template: createTemplateFor(rule, texts) };
}
