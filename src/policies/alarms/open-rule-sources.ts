// Opens what a rule looks at by itself.
import { conditionSources, isConditionSource } from '../../alarms/intake/condition-sources.ts';
import type { AlarmRule } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import type { SavedRule } from './alarm-journal.ts';
import type { AlarmTools } from './alarm-tools.ts';
import { openConditions } from './condition-feed.ts';
import { openEvents } from './event-feed.ts';
import { openRelays } from './relay-feed.ts';
import type { RuleSources } from './rule-sources.ts';

export interface SourceRule {
  readonly policy: Key;
  readonly rule: AlarmRule;
  readonly saved: SavedRule | undefined;
}

export function openRuleSources(rule: SourceRule, tools: AlarmTools): RuleSources {
  const { kubernetesEvents, resourceConditions = [], relays } = rule.rule.sources;
  const names = conditionSources(resourceConditions);
  return together([
    ...(kubernetesEvents ? [openEvents(rule, kubernetesEvents, tools)] : []),
    ...resourceConditions.map((part, index) => openConditions({ ...rule, part, source: names[index] ?? '' }, tools)),
    ...(relays ? [openRelays(rule, tools)] : []),
    othersOver(new Set([...names, ...(relays ? ['relays'] : [])])),
  ]);
}

/** What the rule looked at by itself once, perhaps: what that told is over. */
function othersOver(open: ReadonlySet<string>): RuleSources {
  let first = true;
  return {
    drain(book, now) {
      for (const source of first ? book.sources() : []) {
        if ((isConditionSource(source) || source === 'relays') && !open.has(source))
          book.replaceSource(source, [], now);
      }
      first = false;
      return false;
    },
    nextAt: () => undefined,
    takeChanges: () => new Map(),
    problems: () => [],
    lookAgain: () => undefined,
    close: () => undefined,
  };
}

function together(sources: readonly RuleSources[]): RuleSources {
  return {
    drain: (book, now) => sources.map((source) => source.drain(book, now)).includes(true),
    nextAt: () => sources.map((source) => source.nextAt()).reduce(earlier, undefined),
    takeChanges: (beside) => new Map(sources.flatMap((source) => [...source.takeChanges(beside)])),
    problems: () => sources.flatMap((source) => source.problems()),
    lookAgain: () => {
      for (const source of sources) source.lookAgain();
    },
    close: () => {
      for (const source of sources) source.close();
    },
  };
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || (other !== undefined && other < one) ? other : one;
}
