// The Events of a rule's namespaces, brought to its book.
import type { Alarm } from '../../alarms/alarm.ts';
import { createEventWatch, type EventSource, type SavedEventWatch } from '../../alarms/intake/event-watch.ts';
import { isObject } from '../../api/json.ts';
import type { ClusterEvent } from '../../store/alarm-store.ts';
import type { AlarmTools } from './alarm-tools.ts';
import { followNamespaces } from './followed-namespaces.ts';
import type { SourceRule } from './open-rule-sources.ts';
import type { RuleSources } from './rule-sources.ts';

const savedKey = 'events';

export function openEvents({ policy, rule, saved }: SourceRule, source: EventSource, tools: AlarmTools): RuleSources {
  const before = parseSaved(saved?.sources.get(savedKey));
  const now = tools.clock.now();
  const watch = createEventWatch({ source, fingerprint: rule.fingerprint, now, saved: before });
  /** What came since the last round, each alarm as it was told last. */
  let arrived = new Map<string, Alarm>();
  let written = before ? JSON.stringify(before) : undefined;
  let state = JSON.stringify(watch.saved());

  function seen(event: ClusterEvent): void {
    if (!followed.has(event.namespace)) return;
    const alarm = watch.seen(event, tools.clock.now());
    if (!alarm) return;
    if (arrived.size === 0) tools.wake();
    arrived.set(alarm.fingerprint, alarm);
  }

  const followed = followNamespaces(
    {
      policy,
      part: source,
      follow: (options, signal) => tools.alarms.sources.followEvents({ ...options, seen }, signal),
    },
    tools,
  );

  return {
    drain(book, at) {
      state = JSON.stringify(watch.saved());
      if (arrived.size === 0) return false;
      book.receive([...arrived.values()], at);
      arrived = new Map();
      return true;
    },
    nextAt: () => undefined,
    takeChanges(beside) {
      // When the rule began to look is worth a write; how far it came, beside one.
      if (state === written || !(beside || written === undefined)) return new Map();
      written = state;
      return new Map([[savedKey, state]]);
    },
    problems: followed.problems,
    lookAgain: followed.lookAgain,
    close: followed.close,
  };
}

function parseSaved(text: string | undefined): SavedEventWatch | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || typeof value.since !== 'number' || typeof value.until !== 'number') return undefined;
    return { since: value.since, until: value.until };
  } catch {
    // Damaged: the rule begins anew, and replays nothing.
    return undefined;
  }
}
