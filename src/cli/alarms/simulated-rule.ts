// One rule of a policy against a recorded stream: what of it is the rule's, and the notices that it would have made.
import { createEventWatch, type EventWatch } from '../../alarms/intake/event-watch.ts';
import { toAlarms } from '../../alarms/intake/to-alarms.ts';
import type { Notice } from '../../alarms/notice.ts';
import { type SimulatedInput, simulate } from '../../alarms/simulate.ts';
import { type AlarmTerms, alarmTerms } from '../../alarms/terms.ts';
import type { AlarmRule, QuietPeriod } from '../../api/notification-policy.ts';
import type { Recorded } from './recorded-stream.ts';

export interface SimulatedRule {
  /** The policy's own. */
  readonly namespace: string;
  readonly rule: AlarmRule;
  readonly quietPeriods: readonly QuietPeriod[] | undefined;
}

export interface Simulation {
  readonly notices: readonly Notice[];
  /** Alarms of the stream that the rule took, before its `match`. */
  readonly alarms: number;
  readonly until: number;
}

export function simulateRule(
  { namespace, rule, quietPeriods }: SimulatedRule,
  records: readonly Recorded[],
  given: number | undefined,
): Simulation {
  const terms = alarmTerms(rule, quietPeriods);
  const inputs = inputsOf(records, { namespace, rule });
  const until = given ?? usualEnd(inputs.at(-1)?.at ?? records.at(-1)?.at ?? 0, terms);
  const alarms = inputs.reduce((sum, input) => sum + input.alarms.length, 0);
  return { notices: simulate(terms, inputs, until), alarms, until };
}

/** The first flush after the last alarm, after a quiet period that it came in. */
function usualEnd(last: number, { groupWait, groupInterval, quiet }: AlarmTerms): number {
  const flushed = last + groupWait + groupInterval;
  return Math.max(flushed, quiet(flushed)?.until ?? 0);
}

type RuleOf = Pick<SimulatedRule, 'namespace' | 'rule'>;

function inputsOf(records: readonly Recorded[], { namespace, rule }: RuleOf): SimulatedInput[] {
  const { webhook, kubernetesEvents } = rule.sources;
  const watch = watchOf(rule, records);
  const isSeen = (of: string) => kubernetesEvents?.namespaceSelector !== undefined || of === namespace;
  return records.flatMap((record) => {
    const { at } = record;
    if (record.kind === 'alarms') {
      return webhook ? [{ at, alarms: toAlarms(record.alarms, { rule, now: at }) }] : [];
    }
    const alarm = isSeen(record.event.regarding.namespace || record.event.namespace) && watch?.seen(record.event, at);
    return alarm ? [{ at, alarms: [alarm] }] : [];
  });
}

/** As if the rule had been there before the stream began. */
function watchOf(rule: AlarmRule, [first]: readonly Recorded[]): EventWatch | undefined {
  const { kubernetesEvents: source } = rule.sources;
  if (!source || !first) return undefined;
  return createEventWatch({ source, fingerprint: rule.fingerprint, now: first.at - 1, saved: undefined });
}
