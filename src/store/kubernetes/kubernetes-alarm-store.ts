// What a cluster shows of its own troubles, from watches that keep nothing of what they see: there may be a hundred
// thousand Events. After a watch had to begin anew all is told again.
import type { AlarmStore } from '../alarm-store.ts';
import type { Clock } from '../clock.ts';
import type { StoreProblem } from '../store.ts';
import type { ApiClient } from './api-client.ts';
import { clusterEvent } from './cluster-event.ts';
import type { Collection } from './collection.ts';
import { followKind } from './follow-kind.ts';
import { type ReflectorTimings, reflectorTimings, startReflector } from './reflector.ts';
import { outOfScope } from './resource-watches.ts';
import { shareEvents } from './shared-events.ts';
import type { Sink } from './sink.ts';
import { tellOnce } from './tell-once.ts';

export interface KubernetesAlarmStoreOptions {
  readonly client: ApiClient;
  /** That the operator may look into; empty: all. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly timings?: ReflectorTimings;
}

export function createKubernetesAlarmStore(options: KubernetesAlarmStoreOptions): AlarmStore {
  const { client, clock, random, timings = reflectorTimings } = options;
  const watching = (problem: (problem: StoreProblem) => void) => ({ client, clock, random, timings, problem });
  const watchEvents = shareEvents((namespace, { seen, problem }, signal) => {
    const see = (object: unknown) => {
      const event = clusterEvent(object);
      if (event) seen(event);
    };
    const collection = { ...events, ...(namespace !== undefined && { namespace }) };
    startReflector({ ...watching(problem), collection, sink: eventSink(see) }, signal);
  });

  return {
    followEvents({ namespaces, seen, problem }, signal) {
      const told = tellOnce(problem);
      for (const { namespace } of scopesOf(options, namespaces, told))
        watchEvents(namespace, { seen, problem: told }, signal);
    },
    followResources({ namespaces, problem, ...listener }, signal) {
      const told = tellOnce(problem);
      const scopes = scopesOf(options, namespaces, told);
      void followKind({ ...watching(told), ...listener, scopes }, signal);
    },
  };
}

const events: Collection = { group: 'events.k8s.io', version: 'v1', resource: 'events', metadataOnly: false };

export type Scope = Pick<Collection, 'namespace'>;

/** One watch each: over what is asked for, as far as the operator may look. */
function scopesOf(
  { namespaces: allowed }: KubernetesAlarmStoreOptions,
  asked: readonly string[] | undefined,
  problem: (problem: StoreProblem) => void,
): readonly Scope[] {
  if (asked === undefined) return allowed.length === 0 ? [{}] : allowed.map((namespace) => ({ namespace }));
  const outside = asked.filter((namespace) => allowed.length > 0 && !allowed.includes(namespace));
  for (const namespace of outside) problem({ subject: `watch namespace ${namespace}`, message: outOfScope(namespace) });
  return asked.filter((namespace) => !outside.includes(namespace)).map((namespace) => ({ namespace }));
}

/** An Event that goes has only grown old. */
function eventSink(see: (object: unknown) => void): Sink {
  return {
    listStarted: () => undefined,
    listed: (objects) => objects.forEach(see),
    listComplete: () => undefined,
    changed: see,
    deleted: () => undefined,
  };
}
