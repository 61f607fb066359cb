// The port to what a cluster shows of its own troubles; beside policy-store.ts. A directory has neither.
import type { ResourceKind, StoredResource } from './policy-store.ts';
import type { StoreProblem } from './store.ts';

/** An Event (events.k8s.io/v1) as it is now; a series is one Event that changes in place. */
export interface ClusterEvent {
  /** Of the Event object. */
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly regarding: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
  };
  readonly reportingController: string;
  /** Of its series, or its deprecated count; 1 at least. */
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly firstSeen: number;
  readonly lastSeen: number;
}

export interface AlarmStore {
  /**
   * Tells of every Event that is there, then of new and changed ones, until the signal aborts. `namespaces` undefined: all.
   * What cannot be watched (RBAC, no cluster) is told as a problem, and tried again.
   */
  followEvents(
    options: {
      readonly namespaces: readonly string[] | undefined;
      readonly seen: (event: ClusterEvent) => void;
      readonly problem: (problem: StoreProblem) => void;
    },
    signal: AbortSignal,
  ): void;
  /** Tells of every object of the kind, then of changes, until the signal aborts. `complete` is called once all that are there were told. */
  followResources(
    options: {
      readonly kind: ResourceKind;
      readonly namespaces: readonly string[] | undefined;
      readonly changed: (resource: StoredResource) => void;
      readonly gone: (key: { readonly namespace: string; readonly name: string }) => void;
      readonly complete: () => void;
      readonly problem: (problem: StoreProblem) => void;
    },
    signal: AbortSignal,
  ): void;
}
