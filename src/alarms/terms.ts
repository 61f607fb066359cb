// An alarm rule as the machine takes it: durations in milliseconds, matchers that answer, quiet periods that know the clock.
import { parseDuration } from '../api/duration.ts';
import { type LabelTest, labelTest } from '../api/label-matcher.ts';
import type { AlarmMatcher, AlarmRule, QuietPeriod } from '../api/notification-policy.ts';
import { openQuietTimes, type QuietClock } from './quiet-times.ts';

export type LabelNames = readonly string[] | 'AllLabels';

export interface AlarmTerms {
  readonly groupBy: LabelNames;
  readonly groupWait: number;
  readonly groupInterval: number;
  readonly repeatInterval: number;
  readonly sendResolved: boolean;
  readonly matches: LabelTest;
  readonly inhibit: readonly InhibitTerms[];
  readonly rateLimit: RateTerms | undefined;
  readonly quiet: QuietClock;
  /** The labels that any decision asks for, sorted. */
  readonly decisive: LabelNames;
}

export interface InhibitTerms {
  readonly source: LabelTest;
  readonly target: LabelTest;
  readonly equal: readonly string[];
}

export interface RateTerms {
  readonly messages: number;
  readonly per: number;
}

/** Rule and quiet periods must have passed validation. */
export function alarmTerms(rule: AlarmRule, quiet: readonly QuietPeriod[] | undefined): AlarmTerms {
  const groupBy = groupByOf(rule);
  return {
    groupBy,
    groupWait: milliseconds(rule.groupWait),
    groupInterval: milliseconds(rule.groupInterval),
    repeatInterval: milliseconds(rule.repeatInterval),
    sendResolved: rule.sendResolved,
    matches: labelTest(rule.match ?? []),
    inhibit: (rule.inhibit ?? []).map(({ source, target, equal = [] }) => ({
      source: labelTest(source),
      target: labelTest(target),
      equal,
    })),
    rateLimit: rule.rateLimit && { messages: rule.rateLimit.messages, per: milliseconds(rule.rateLimit.per) },
    quiet: openQuietTimes(quiet ?? []),
    decisive: groupBy === 'AllLabels' ? groupBy : sortedSet([...groupBy, ...askedFor(rule, quiet ?? [])]),
  };
}

/** A mail goes to one namespace's address, so that no group may be about two. */
function groupByOf({ groupBy = [], notify }: AlarmRule): LabelNames {
  if (groupBy.includes('...')) return 'AllLabels';
  return sortedSet(notify.namespaceAnnotation ? [...groupBy, 'namespace'] : groupBy);
}

function askedFor(rule: AlarmRule, quiet: readonly QuietPeriod[]): readonly string[] {
  const inhibit = rule.inhibit ?? [];
  const matchers: AlarmMatcher[] = [
    ...(rule.match ?? []),
    ...inhibit.flatMap(({ source, target }) => [...source, ...target]),
    ...quiet.flatMap(({ except = [] }) => except),
  ];
  return [...matchers.map(({ key }) => key), ...inhibit.flatMap(({ equal = [] }) => equal)];
}

function sortedSet(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}

function milliseconds(duration: string): number {
  const parsed = parseDuration(duration);
  if (parsed === undefined) throw new Error(`a duration got here that no validation lets pass: ${duration}`);
  return parsed;
}
