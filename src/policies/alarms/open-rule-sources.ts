// Opens what a rule looks at by itself.
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
  return together([
    ...(kubernetesEvents ? [openEvents(rule, kubernetesEvents, tools)] : []),
    ...Array.from({ length: mostConditions }, (_, index) => {
      const part = resourceConditions[index];
      return part ? openConditions({ ...rule, part, index }, tools) : nothingLeft(`conditions/${index}`);
    }),
    relays ? openRelays(rule, tools) : nothingLeft('relays'),
  ]);
}

/** `maxItems` of the schema. */
const mostConditions = 16;

/** Of a source that the rule had once, perhaps: what it told is over. */
function nothingLeft(source: string): RuleSources {
  let first = true;
  return {
    drain(book, now) {
      if (first) book.replaceSource(source, [], now);
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
