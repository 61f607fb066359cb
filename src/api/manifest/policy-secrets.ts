// What is wrong with the Secrets that a policy names, as the operator would find it: tokens of webhooks, the last resort's URL.
import type { NotificationPolicy } from '../notification-policy.ts';
import { wrongType } from '../references/checked.ts';
import { textValue } from '../references/text-value.ts';
import { webhookTokens } from '../references/webhook-tokens.ts';
import {
  declaredAs,
  missingReference,
  type NamedReference,
  referencedObject,
  type Surroundings,
} from './surroundings.ts';
import type { Found } from './validation-problem.ts';

export function policySecretProblems(policy: NotificationPolicy, surroundings: Surroundings): Found[] {
  return secretReferences(policy).flatMap((reference) => secretProblems(reference, surroundings));
}

interface SecretReference extends NamedReference {
  readonly kind: 'Secret';
  readonly key: string;
}

function secretReferences({ metadata: { namespace }, spec }: NotificationPolicy): SecretReference[] {
  const tokens = webhookTokens(namespace, spec).map(({ ref }) => ref);
  const url = spec.lastResort && {
    namespace,
    ...spec.lastResort.webhookSecretRef,
    fieldPath: 'spec.lastResort.webhookSecretRef',
  };
  return [...tokens, ...(url ? [url] : [])].map((ref) => ({ kind: 'Secret', ...ref }));
}

function secretProblems(reference: SecretReference, surroundings: Surroundings): Found[] {
  const found = declaredAs(reference, surroundings);
  if (!found) return missingReference(reference, surroundings, 'a policy refers to its own namespace');
  // One that cannot be read says so itself.
  const object = found.readable ? referencedObject(found.document) : undefined;
  if (!object) return [];
  const read = wrongType(object, reference, ['Opaque']) ?? textValue(object, reference.key, reference);
  return read.kind === 'unusable' ? [read.violation] : [];
}
