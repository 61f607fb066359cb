// The specs of policies as delivery asks for them, many times: each parsed once a version.
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import { parsePolicy } from '../api/validate-policy.ts';
import type { PolicyStore } from '../store/policy-store.ts';

/** Unreadable also while the store cannot say whether it exists. */
export type PolicySpecs = (policy: Key) => NotificationPolicySpec | 'gone' | 'unreadable';

export function createPolicySpecs(store: Pick<PolicyStore, 'getPolicy' | 'policiesComplete'>): PolicySpecs {
  const known = new Map<string, { readonly manifest: unknown; readonly spec: NotificationPolicySpec | 'unreadable' }>();
  return (policy) => {
    const stored = store.getPolicy(policy);
    if (!stored) {
      known.delete(keyText(policy));
      return store.policiesComplete(policy.namespace) ? 'gone' : 'unreadable';
    }
    const before = known.get(keyText(policy));
    if (before && before.manifest === stored.manifest) return before.spec;
    const parsed = parsePolicy(stored.manifest);
    const spec = parsed.kind === 'valid' ? parsed.policy.spec : 'unreadable';
    known.set(keyText(policy), { manifest: stored.manifest, spec });
    return spec;
  };
}
