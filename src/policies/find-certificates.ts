// The certificates of a reminder rule by name, for the mails about them.
import type { ReminderRule } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { PolicyStore, StoredCertificate } from '../store/policy-store.ts';
import { namespacesOf } from './reminder-subjects.ts';

export type CertificateFind = (key: Key) => StoredCertificate | undefined;

/** Empty for a rule about something else. */
export async function findCertificates(
  policy: Key,
  rule: ReminderRule,
  store: Pick<PolicyStore, 'certificates' | 'namespaces'>,
): Promise<CertificateFind> {
  const found = new Map<string, StoredCertificate>();
  if (rule.subjects.certificates) {
    for (const namespace of namespacesOf(policy, rule, store.namespaces())) {
      for (const one of await store.certificates(namespace)) found.set(keyText(one), one);
    }
  }
  return (key) => found.get(keyText(key));
}
