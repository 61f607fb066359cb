// All that is known while this replica runs alarm rules. It is lost with the lease: whoever is next reads the journal.
import { type Key, keyText } from '../../api/resource.ts';
import type { Journal } from '../../store/journal.ts';
import { type GonePolicy, readAlarmJournal, type SavedRule } from './alarm-journal.ts';
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
  /** Of them, those that the journal had: a watch may tell of them late. */
  readonly loaded: ReadonlySet<string>;
  /** By the monotonic clock: when that was first looked at. */
  loadedAt: number | undefined;
  readonly parked: Map<string, string>;
  /** By the monotonic clock: when what waits for a rule to be known has waited long enough. */
  parkedAt: number;
  readonly lastResort: Map<string, string>;
  /** Policies that are gone while what the journal has of their rules is kept. */
  readonly gone: Map<string, GonePolicy>;
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
  const { rules, applied, parked, lastResort, gone, unknown } = readAlarmJournal(await journal.load());
  const known = [
    ...policies,
    ...[...gone.values()].map(({ policy }) => policy),
    ...[...rules.values()].map(({ policy }) => policy),
  ];
  return {
    journal,
    rules: new Map(),
    saved: new Map(rules),
    applied: new Set(applied),
    toRemove: new Set(applied),
    loaded: applied,
    loadedAt: undefined,
    parked: new Map(parked),
    parkedAt: parked.size > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
    lastResort: new Map(lastResort),
    gone: new Map(gone),
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
export async function takeTermChanges({
  rules,
  unwritten,
}: AlarmTerm): Promise<ReadonlyMap<string, string | undefined>> {
  for (const running of rules.values()) await takeRuleChanges(running, unwritten);
  return unwritten;
}
