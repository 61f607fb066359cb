// Writes a policy's status where it says something new, and tells of transitions. The replica that reminds writes all of
// it, the others only what they sent: two that both say what they see would write in turns for ever.
import { isDeepStrictEqual } from 'node:util';
import { fitPolicyStatus } from '../api/fit-policy-status.ts';
import type { NotificationPolicyStatus } from '../api/notification-policy.ts';
import { keyText } from '../api/resource.ts';
import { isSameHold } from '../credentials/held-run.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import { writeComplaint } from '../store/write-complaint.ts';
import { type AlarmFactsOf, withAlarmFacts } from './alarms/alarm-status.ts';
import { countedStatus } from './counted-status.ts';
import { dropEvent } from './drop-event.ts';
import { heldText, nextPolicyStatus, type PolicyVerdict } from './next-policy-status.ts';
import type { PolicyDeps } from './policy-deps.ts';
import { type PolicyMemory, ruleBefore } from './policy-memory.ts';
import type { TallyTaken } from './tally.ts';

export interface PolicyStatusWork {
  readonly stored: StoredPolicy;
  readonly memory: PolicyMemory;
  /** From the status as it is and what was settled since. */
  readonly verdict: (before: NotificationPolicyStatus | undefined, taken: TallyTaken) => PolicyVerdict;
  /** Of the alarm rules that this replica runs; absent: none. */
  readonly alarmFacts?: AlarmFactsOf | undefined;
}

/** Whether that is all for now; false where the store could not take it and may take it when it is tried again. */
export async function writePolicyStatus(
  { stored, memory, verdict, alarmFacts }: PolicyStatusWork,
  deps: PolicyDeps,
): Promise<boolean> {
  const current = deps.store.getPolicy(stored.metadata) ?? stored;
  const before = current.status;
  const whole = deps.mayRemind();
  if (!whole && memory.tally.isEmpty && !alarmFacts) return true;
  // There are no rules yet to count by: they are the other replica's to write.
  if (!whole && (before?.rules ?? []).length === 0) return false;
  const taken = memory.tally.take();
  const next = fitPolicyStatus(
    whole
      ? nextPolicyStatus({
          before,
          generation: stored.metadata.generation,
          verdict: verdict(before, taken),
          recentDeliveries: [...taken.deliveries, ...(before?.recentDeliveries ?? [])],
          deferred: taken.deferred,
          lastTest: taken.lastTest,
          now: deps.clock.now(),
        })
      : withAlarmFacts(countedStatus(before ?? {}, taken, deps.identity), alarmFacts),
  );
  if (isDeepStrictEqual(next, before)) return true;
  const result = await deps.store.writePolicyStatus(current, next);
  if (result.kind === 'written') {
    memory.writtenAt = deps.clock.now();
    await tell(current, { before, after: next }, deps);
    await tellHeld(current, { before, after: next }, deps);
    for (const dropped of taken.drops) {
      await deps.store.recordPolicyEvent({ ...dropEvent(dropped), regarding: current });
    }
    return true;
  }
  if (result.kind !== 'gone') memory.tally.giveBack(taken);
  const message = writeComplaint(result);
  if (message) deps.log.error({ policy: keyText(stored.metadata) }, message);
  return result.kind === 'gone' || result.kind === 'invalid';
}

interface Change {
  readonly before: NotificationPolicyStatus | undefined;
  readonly after: NotificationPolicyStatus;
}

async function tell(policy: StoredPolicy, { before, after }: Change, { store, log }: PolicyDeps): Promise<void> {
  const [old, now] = [readyOf(before), readyOf(after)];
  if (!now || (old?.status === now.status && old.reason === now.reason)) return;
  // Each held run has an Event of its own.
  if (now.reason === 'RunHeld') return;
  const type = now.status === 'False' ? 'Warning' : 'Normal';
  const fields = { policy: keyText(policy.metadata), reason: now.reason };
  if (type === 'Warning') log.warn(fields, now.message);
  else log.info(fields, now.message);
  await store.recordPolicyEvent({
    regarding: policy,
    type,
    reason: now.reason,
    action: 'Reconcile',
    note: now.message,
  });
}

/** Once for each run, however many come to it. */
async function tellHeld(policy: StoredPolicy, { before, after }: Change, { store, log }: PolicyDeps): Promise<void> {
  for (const rule of after.rules ?? []) {
    const { kind, name, heldRun } = rule;
    if (heldRun === undefined || isSameHold(ruleBefore(before, kind, name)?.heldRun, heldRun)) continue;
    const note = heldText(rule);
    log.warn({ policy: keyText(policy.metadata), rule: name, run: heldRun }, note);
    await store.recordPolicyEvent({ regarding: policy, type: 'Warning', reason: 'RunHeld', action: 'HoldRun', note });
  }
}

function readyOf(status: NotificationPolicyStatus | undefined) {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}
