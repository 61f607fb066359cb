// All that is known while this replica runs alarm rules. It is lost with the lease: whoever is next reads the journal.
import { type Key, keyText } from '../../api/resource.ts';
import type { Journal } from '../../store/journal.ts';
import { readAlarmJournal, type SavedRule } from './alarm-journal.ts';
import { type RunningRule, takeRuleChanges } from './running-rule.ts';

export interface AlarmTerm {
  readonly journal: Journal;
  /** By `ruleKey`. */
  readonly rules: Map<string, RunningRule>;
  /** What was loaded for rules that cannot be read at present. */
  readonly saved: Map<string, SavedRule>;
  /** Inbox records that the books have taken and that may still be there. */
  readonly applied: Set<string>;
  /** Of them, those that are to be removed. */
  readonly toRemove: Set<string>;
  readonly parked: Map<string, string>;
  readonly lastResort: Map<string, string>;
  /** What the journal does not have yet. */
  readonly unwritten: Map<string, string | undefined>;
  /** Policies whose rules may have changed. */
  readonly dirty: Map<string, Key>;
  /** By the monotonic clock: when namespaces, which tell of no change, are looked at again. */
  lookAt: number;
  /** By the monotonic clock: when what does not press is to be written. */
  tidyAt: number;
  /** By the monotonic clock: when the journal was last written. */
  writtenAt: number;
}

export async function loadTerm(journal: Journal, policies: readonly Key[]): Promise<AlarmTerm> {
  const { rules, applied, parked, lastResort, unknown } = readAlarmJournal(await journal.load());
  const known = [...policies, ...[...rules.values()].map(({ policy }) => policy)];
  return {
    journal,
    rules: new Map(),
    saved: new Map(rules),
    applied: new Set(applied),
    toRemove: new Set(applied),
    parked: new Map(parked),
    lastResort: new Map(lastResort),
    // Of a version that is no more.
    unwritten: new Map(unknown.map((key) => [key, undefined])),
    dirty: new Map(known.map((policy) => [keyText(policy), policy])),
    lookAt: Number.NEGATIVE_INFINITY,
    tidyAt: Number.POSITIVE_INFINITY,
    writtenAt: Number.NEGATIVE_INFINITY,
  };
}

export function endTerm({ rules }: AlarmTerm): void {
  for (const { sources } of rules.values()) sources.close();
}

/** All that the journal does not have. */
export function takeTermChanges({ rules, unwritten }: AlarmTerm): ReadonlyMap<string, string | undefined> {
  for (const running of rules.values()) takeRuleChanges(running, unwritten);
  return unwritten;
}
