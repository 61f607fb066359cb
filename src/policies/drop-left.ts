// What a deleted policy left in the outbox goes with it; alarms that were accepted are still sent.
import { type Key, keyText } from '../api/resource.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import { policyDeleted } from './drop-event.ts';
import type { PolicyDeps } from './policy-deps.ts';
import { mails } from './rule-outcome.ts';

export async function dropLeft(
  policy: Key,
  stored: StoredPolicy | undefined,
  { outbox, store, log }: Pick<PolicyDeps, 'outbox' | 'store' | 'log'>,
): Promise<void> {
  const left = (await outbox.list()).filter(
    ({ identity }) => keyText(identity.policy) === keyText(policy) && identity.ruleKind !== 'Alarm',
  );
  const dropped = await Promise.all(left.map(({ id }) => outbox.drop(id, policyDeleted)));
  const count = dropped.filter(Boolean).length;
  if (count === 0) return;
  const note = `${mails(count)} that had not been sent went with the policy.`;
  log.warn({ policy: keyText(policy) }, note);
  if (stored) {
    await store.recordPolicyEvent({
      regarding: stored,
      type: 'Warning',
      reason: policyDeleted,
      action: 'Drop',
      note,
    });
  }
}
