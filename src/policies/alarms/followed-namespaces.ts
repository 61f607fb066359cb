// Follows something in the namespaces that a rule selects and that let its policy look, and follows anew once these change.
import type { Key } from '../../api/resource.ts';
import type { StoreProblem } from '../../store/store.ts';
import { namespacesOf } from '../reminder-subjects.ts';
import type { AlarmTools } from './alarm-tools.ts';

export interface FollowedNamespaces {
  /** Whether what is told of this namespace counts. */
  has(namespace: string): boolean;
  /** They may have changed. */
  lookAgain(): void;
  problems(): readonly string[];
  close(): void;
}

export interface Following {
  readonly policy: Key;
  /** What says in which. */
  readonly part: Parameters<typeof namespacesOf>[1];
  /** Until the signal aborts; undefined: in all namespaces. */
  readonly follow: (
    options: { readonly namespaces: readonly string[] | undefined; readonly problem: (problem: StoreProblem) => void },
    signal: AbortSignal,
  ) => void;
}

/** Each is a watch of its own; of more all are watched, and the others left out. */
const mostWatches = 8;

export function followNamespaces({ policy, part, follow }: Following, tools: AlarmTools): FollowedNamespaces {
  const troubles = new Map<string, string>();
  let selected = new Set<string>();
  let watched: string | undefined;
  let watching = new AbortController();

  function problem({ subject, message }: StoreProblem): void {
    if (message === undefined) troubles.delete(subject);
    else troubles.set(subject, message);
    tools.changed(policy);
  }

  function lookAgain(): void {
    const names = namespacesOf(policy, part, tools.store.namespaces());
    selected = new Set(names);
    const asked = names.length > mostWatches ? undefined : names;
    const text = JSON.stringify(asked?.toSorted() ?? 'all');
    if (text === watched) return;
    watching.abort();
    troubles.clear();
    watching = new AbortController();
    watched = text;
    follow({ namespaces: asked, problem }, watching.signal);
  }

  lookAgain();
  return {
    has: (namespace) => selected.has(namespace),
    lookAgain,
    problems: () => [...new Set(troubles.values())],
    close: () => watching.abort(),
  };
}
