// Alarms that were accepted and make no mail are listed with why: in the log, and as an Event on their policy.
import { type Key, keyText } from '../../api/resource.ts';
import type { AlarmTools } from './alarm-tools.ts';

export interface NotTold {
  readonly policy: Key;
  readonly rule: string;
  /** How many, in words that the sentence begins with: `3 alarms`. */
  readonly what: string;
  /** The rest of the sentence. */
  readonly why: string;
}

export async function listNotTold(
  { policy, rule, what, why }: NotTold,
  { store, log }: Pick<AlarmTools, 'store' | 'log'>,
): Promise<void> {
  const note = `${what} of rule "${rule}" ${why}`;
  log.warn({ policy: keyText(policy), rule }, note);
  const regarding = store.getPolicy(policy);
  if (!regarding) return;
  await store.recordPolicyEvent({ regarding, type: 'Warning', reason: 'AlarmsNotTold', action: 'TellAlarms', note });
}

export function alarmsText(count: number): string {
  return count === 1 ? '1 alarm' : `${count} alarms`;
}
