// What each alarm rule of the policies has in the operator's journal.

import { type AlarmBook, type AlarmBookView, createAlarmBook } from '../../alarms/alarm-book.ts';
import { alarmTerms } from '../../alarms/terms.ts';
import { errorText } from '../../api/error-text.ts';
import type { AlarmRule, NotificationPolicySpec } from '../../api/notification-policy.ts';
import { type Key, keyText } from '../../api/resource.ts';
import { type AlarmJournal, readAlarmJournal, ruleKey } from '../../policies/alarms/alarm-journal.ts';
import { type JournalPlace, readJournal } from '../../store/journal/read-journal.ts';
import { UnusableArgument } from '../io.ts';
import { type PolicySources, policyKeys } from '../policy-sources.ts';
import { lookAtPolicy } from '../policy-standing.ts';

export interface RuleOfPolicy {
  readonly policy: Key;
  readonly spec: NotificationPolicySpec;
  readonly rule: AlarmRule;
}

export interface RuleView extends RuleOfPolicy {
  readonly view: AlarmBookView;
}

export interface AlarmRules {
  readonly rules: readonly RuleOfPolicy[];
  /** Sentences about policies that cannot be looked at. */
  readonly problems: readonly string[];
}

export interface RulesWanted {
  readonly namespace?: string | undefined;
  /** A policy's name. */
  readonly policy?: string | undefined;
}

export function alarmRules({ store }: Pick<PolicySources, 'store'>, { namespace, policy }: RulesWanted): AlarmRules {
  const rules: RuleOfPolicy[] = [];
  const problems: string[] = [];
  const wanted = namespace === undefined ? {} : { namespace };
  for (const key of policyKeys({ store }, wanted)) {
    if (policy !== undefined && key.name !== policy) continue;
    const stored = store.getPolicy(key);
    const look = stored && lookAtPolicy(stored);
    if (look?.kind === 'invalid') problems.push(`NotificationPolicy ${keyText(key)} is not valid: ${look.message}`);
    if (look?.kind !== 'valid') continue;
    for (const rule of look.spec.alarms ?? []) rules.push({ policy: key, spec: look.spec, rule });
  }
  return { rules, problems };
}

/** Throws UnusableArgument where it cannot be read. */
export async function alarmJournal(place: JournalPlace): Promise<AlarmJournal> {
  try {
    return readAlarmJournal((await readJournal(place)).texts);
  } catch (error) {
    throw new UnusableArgument(errorText(error));
  }
}

/** As the operator that takes over would have it; what cannot be read of it is as good as not there. */
export function savedBook({ policy, spec, rule }: RuleOfPolicy, { rules }: Pick<AlarmJournal, 'rules'>): AlarmBook {
  const saved = rules.get(ruleKey({ policy, rule: rule.name }));
  const terms = alarmTerms(rule, spec.quietPeriods);
  return createAlarmBook(terms, saved?.book ?? new Map(), { policy, rule: rule.name });
}

export function ruleView(one: RuleOfPolicy, journal: AlarmJournal, now: number): RuleView {
  return { ...one, view: savedBook(one, journal).view(now) };
}
