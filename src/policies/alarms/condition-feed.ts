// The objects of one kind whose condition is bad, brought to a rule's book. Of the others nothing is kept.
import {
  type ConditionAlarms,
  type ConditionMemory,
  type ConditionSource,
  conditionAlarms,
} from '../../alarms/intake/condition-alarms.ts';
import { isObject } from '../../api/json.ts';
import { keyText } from '../../api/resource.ts';
import type { StoredResource } from '../../store/policy-store.ts';
import type { AlarmTools } from './alarm-tools.ts';
import { followNamespaces } from './followed-namespaces.ts';
import type { SourceRule } from './open-rule-sources.ts';
import type { RuleSources } from './rule-sources.ts';

export interface ConditionPart extends SourceRule {
  readonly part: ConditionSource;
  /** As `conditionSources` names it. */
  readonly source: string;
}

export function openConditions({ policy, saved, part, source }: ConditionPart, tools: AlarmTools): RuleSources {
  let bad = new Map<string, StoredResource>();
  let memory = parseMemory(saved?.sources.get(source));
  let written = saved?.sources.get(source);
  let dueAt: number | undefined;
  /** Before all that are there were told, one that is missing may only not be told yet. */
  let complete = false;
  let news = false;

  function look(now: number): ConditionAlarms {
    return conditionAlarms([...bad.values()].filter(isFollowed), { part, source, memory, now });
  }

  function isFollowed({ namespace }: StoredResource): boolean {
    return followed.has(namespace);
  }

  function tell(): void {
    if (complete && !news) tools.wake();
    news = true;
  }

  function changed(resource: StoredResource): void {
    const key = keyText(resource);
    const now = tools.clock.now();
    const { alarms, nextAt } = conditionAlarms([resource], { part, source, memory: new Map(), now });
    const isBad = alarms.length > 0 || nextAt !== undefined;
    if (isBad) bad.set(key, resource);
    if (isBad || bad.delete(key)) tell();
  }

  const followed = followNamespaces(
    {
      policy,
      part,
      follow(options, signal) {
        bad = new Map();
        complete = false;
        tools.alarms.sources.followResources(
          {
            ...options,
            kind: { apiVersion: part.apiVersion, kind: part.kind },
            changed,
            gone: (key) => void (bad.delete(keyText(key)) && tell()),
            complete() {
              complete = true;
              news = true;
              tools.wake();
            },
          },
          signal,
        );
      },
    },
    tools,
  );

  return {
    drain(book, now) {
      if (!complete || !(news || (dueAt !== undefined && dueAt <= now))) return false;
      news = false;
      const looked = look(now);
      memory = looked.memory;
      dueAt = looked.nextAt;
      book.replaceSource(source, looked.alarms, now);
      return true;
    },
    nextAt: () => (complete ? dueAt : undefined),
    takeChanges() {
      const text = memory.size === 0 ? undefined : JSON.stringify([...memory]);
      if (text === written || (text === undefined && written === '[]')) return new Map();
      written = text ?? '[]';
      return new Map([[source, written]]);
    },
    problems: followed.problems,
    lookAgain() {
      followed.lookAgain();
      news = true;
    },
    close: followed.close,
  };
}

function parseMemory(text: string | undefined): ConditionMemory {
  try {
    const value: unknown = JSON.parse(text ?? '[]');
    return new Map(Array.isArray(value) ? value.flatMap(entryOf) : []);
  } catch {
    // Damaged: what does not say itself since when it is bad is bad from now on.
    return new Map();
  }
}

function entryOf(value: unknown): [string, { since: number; seen: number }][] {
  if (!Array.isArray(value) || typeof value[0] !== 'string' || !isObject(value[1])) return [];
  const { since, seen } = value[1];
  return typeof since === 'number' && typeof seen === 'number' ? [[value[0], { since, seen }]] : [];
}
