// Opens what a rule looks at by itself.
import type { AlarmRule } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import type { SavedRule } from './alarm-journal.ts';
import type { AlarmTools } from './alarm-tools.ts';
import type { RuleSources } from './rule-sources.ts';

export interface SourceRule {
  readonly policy: Key;
  readonly rule: AlarmRule;
  readonly saved: SavedRule | undefined;
}

export function openRuleSources(rule: SourceRule, tools: AlarmTools): RuleSources {
  return together(sourcesOf(rule, tools));
}

function sourcesOf(_rule: SourceRule, _tools: AlarmTools): readonly RuleSources[] {
  return [];
}

function together(sources: readonly RuleSources[]): RuleSources {
  return {
    drain: (book, now) => sources.map((source) => source.drain(book, now)).includes(true),
    nextAt: () => sources.map((source) => source.nextAt()).reduce(earlier, undefined),
    takeChanges: (beside) => new Map(sources.flatMap((source) => [...source.takeChanges(beside)])),
    problems: () => sources.flatMap((source) => source.problems()),
    lookAgain: () => sources.forEach((source) => void source.lookAgain()),
    close: () => sources.forEach((source) => void source.close()),
  };
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || (other !== undefined && other < one) ? other : one;
}
