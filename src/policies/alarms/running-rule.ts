// One alarm rule while this replica runs it: its book, and what of it is to be written.
import { setImmediate } from 'node:timers/promises';
import { type AlarmBook, createAlarmBook } from '../../alarms/alarm-book.ts';
import { alarmTerms } from '../../alarms/terms.ts';
import type { AlarmRule, NotificationPolicySpec } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import { bookKey, ruleKey, type SavedRule, sourceKey } from './alarm-journal.ts';
import type { RuleSources } from './rule-sources.ts';

export interface RunningRule {
  readonly id: string;
  readonly policy: Key;
  /** As it is now; what of it the book rests on does not change. */
  rule: AlarmRule;
  readonly basis: string;
  readonly book: AlarmBook;
  readonly sources: RuleSources;
  /** It has something to decide, whatever its clock says. */
  touched: boolean;
  /** By the monotonic clock: when what could not be brought to the outbox is tried again. */
  retryAt: number | undefined;
  /** Alarms that its book refused and that were listed. */
  refused: number;
  /** Sentences about what was not told or cannot be looked at, for the status; by what they are about. */
  readonly problems: Map<string, string>;
}

export interface NewRule {
  readonly policy: Key;
  readonly rule: AlarmRule;
  readonly spec: NotificationPolicySpec;
  readonly saved: SavedRule | undefined;
  readonly sources: RuleSources;
}

export function runningRule({ policy, rule, spec, saved, sources }: NewRule): RunningRule {
  const terms = alarmTerms(rule, spec.quietPeriods);
  const book = createAlarmBook(terms, saved?.book ?? new Map(), { policy, rule: rule.name });
  return {
    ...{ id: ruleKey({ policy, rule: rule.name }), policy, rule, basis: ruleBasis(rule, spec), book, sources },
    touched: saved !== undefined,
    retryAt: undefined,
    refused: 0,
    problems: new Map(),
  };
}

/** Where it differs, the rule's state has to be read anew by other terms. */
export function ruleBasis(rule: AlarmRule, { quietPeriods }: Pick<NotificationPolicySpec, 'quietPeriods'>): string {
  const { template, links, notify, timeZone, ...terms } = rule;
  return JSON.stringify([terms, quietPeriods ?? [], notify.namespaceAnnotation ?? '']);
}

/** Groups that are decided, and texts that are made, at a time. */
export const together = 1_000;

/** What is to be written of it since it was last asked; nothing else may happen to its book meanwhile. */
export async function takeRuleChanges(
  { id, book, sources }: RunningRule,
  changes: Map<string, string | undefined>,
): Promise<void> {
  const before = changes.size;
  for (const slice of book.changesInSlices(together)) {
    for (const [key, text] of slice) changes.set(bookKey(id, key), text);
    // Of twenty thousand groups it takes its time: connections and leases must not wait for all of them.
    if (slice.size > 1) await setImmediate();
  }
  for (const [key, text] of sources.takeChanges(changes.size > before)) changes.set(sourceKey(id, key), text);
}
