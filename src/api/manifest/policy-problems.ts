// What is wrong with a policy among its files: itself, its relays, its Secrets, and the ConfigMaps of its templates.
import type { NotificationPolicy } from '../notification-policy.ts';
import { templateKeys } from '../references/template-texts.ts';
import { admits } from '../relay-admission.ts';
import type { SmtpRelaySpec } from '../smtp-relay.ts';
import { parsePolicy } from '../validate-policy.ts';
import { parseRelay } from '../validate-relay.ts';
import type { Declared } from './declared.ts';
import { policySecretProblems } from './policy-secrets.ts';
import {
  declaredAs,
  missingReference,
  type NamedReference,
  referencedObject,
  type Surroundings,
} from './surroundings.ts';
import { type Found, placeText } from './validation-problem.ts';

export function policyProblems({ document }: Declared, surroundings: Surroundings): readonly Found[] {
  const parsed = parsePolicy(document.value, surroundings.options.namespace);
  if (parsed.kind === 'invalid') return parsed.violations;
  const { namespace } = parsed.policy.metadata;
  const dataOf = (name: string) => {
    const found = declaredAs({ kind: 'ConfigMap', namespace, name, fieldPath: '' }, surroundings);
    return found?.readable ? referencedObject(found.document)?.data : undefined;
  };
  return [
    ...relayReferences(parsed.policy).flatMap((reference) => relayProblems(reference, namespace, surroundings)),
    ...unencryptedPasswords(parsed.policy, surroundings),
    ...ruleless(parsed.policy),
    ...policySecretProblems(parsed.policy, surroundings),
    ...templateReferences(parsed.policy).flatMap((reference) => templateProblems(reference, surroundings)),
    ...(surroundings.options.judgeTexts?.(parsed.policy, dataOf) ?? []),
  ];
}

function relayReferences({ metadata, spec }: NotificationPolicy): NamedReference[] {
  const references = [
    { ...spec.relayRef, fieldPath: 'spec.relayRef' },
    ...(spec.fallbackRelayRefs ?? []).map((ref, index) => ({ ...ref, fieldPath: `spec.fallbackRelayRefs[${index}]` })),
  ];
  return references.map(({ name, namespace, fieldPath }) => ({
    kind: 'SmtpRelay',
    namespace: namespace || metadata.namespace,
    name,
    fieldPath,
  }));
}

function relayProblems(reference: NamedReference, from: string, surroundings: Surroundings): Found[] {
  const found = declaredAs(reference, surroundings);
  if (!found) return missingReference(reference, surroundings, `${reference.fieldPath}.namespace does not name it`);
  const parsed = parseRelay(found.document.value, surroundings.options.namespace);
  // A relay that is wrong says so itself.
  if (parsed.kind === 'invalid') return [];
  const { metadata, spec } = parsed.relay;
  const relay = { namespace: metadata.namespace, allowedNamespaces: spec.allowedNamespaces };
  if (admits(relay, { name: from, labels: undefined }) !== 'no') return [];
  const message = `SmtpRelay "${reference.name}" lets no policy of namespace "${from}" send: its spec.allowedNamespaces.from is Same (${placeText(found.document)})`;
  return [{ fieldPath: reference.fieldPath, reason: 'ReferenceNotAllowed', message }];
}

/** Only where all relays of the policy are among the files: another may be encrypted. */
function unencryptedPasswords(policy: NotificationPolicy, surroundings: Surroundings): Found[] {
  const relays = relayReferences(policy).map((reference) => {
    const found = declaredAs(reference, surroundings);
    const parsed = found && parseRelay(found.document.value, surroundings.options.namespace);
    return parsed?.kind === 'valid' ? parsed.relay.spec : undefined;
  });
  const mayTake = relays.some((relay) => !relay || isEncrypted(relay) || Boolean(relay.sandbox.redirectTo));
  if (mayTake) return [];
  return (policy.spec.credentials ?? []).flatMap(({ password }, index) => {
    if (password !== 'Include' && password !== 'SeparateMail') return [];
    const message = `${password} mails passwords, and no relay of the policy has spec.tls.mode StartTls or Implicit; encrypt a relay, or use Link or Omit`;
    return [{ fieldPath: `spec.credentials[${index}].password`, reason: 'EncryptionRequired', message }];
  });
}

function isEncrypted({ tls }: SmtpRelaySpec): boolean {
  return tls.mode === 'StartTls' || tls.mode === 'Implicit';
}

function ruleless({ spec: { credentials = [], reminders = [], alarms = [] } }: NotificationPolicy): Found[] {
  if (credentials.length + reminders.length + alarms.length > 0) return [];
  const message = 'the policy has no rule and sends nothing; add credentials, reminders or alarms';
  return [{ fieldPath: 'spec', reason: 'CombinationInvalid', message, severity: 'warning' }];
}

function templateReferences({ metadata, spec }: NotificationPolicy): NamedReference[] {
  return (['credentials', 'reminders', 'alarms'] as const).flatMap((section) =>
    (spec[section] ?? []).flatMap(({ template }, index) => {
      const name = template?.configMapRef?.name;
      const fieldPath = `spec.${section}[${index}].template.configMapRef`;
      return name === undefined ? [] : [{ kind: 'ConfigMap' as const, namespace: metadata.namespace, name, fieldPath }];
    }),
  );
}

function templateProblems(reference: NamedReference, surroundings: Surroundings): Found[] {
  const found = declaredAs(reference, surroundings);
  if (!found) return missingReference(reference, surroundings, 'a policy refers to its own namespace');
  const object = found.readable ? referencedObject(found.document) : undefined;
  if (!object || templateKeys(object).length > 0) return [];
  const keys = [...object.data.keys()].map((key) => `"${key}"`).join(', ') || 'none';
  const message = `ConfigMap "${reference.name}" has none of the keys subject, text and html; it has ${keys} (${placeText(found.document)})`;
  return [{ fieldPath: reference.fieldPath, reason: 'SecretKeyMissing', message }];
}
