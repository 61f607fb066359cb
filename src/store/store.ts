// The port to where resources live. Relays and policies know this, never a client library or the file system.
import type { ReferencedObject } from '../api/referenced-object.ts';
import type { Key, ObjectMeta } from '../api/resource.ts';
import type { SmtpRelayStatus } from '../api/smtp-relay.ts';

export type { ReferencedObject };

/** An SmtpRelay as the store has it. The spec is unchecked: a cluster may hold objects older than today's schema. */
export interface StoredRelay {
  readonly metadata: ObjectMeta & {
    readonly uid: string;
    readonly generation: number;
    readonly resourceVersion: string;
  };
  /** apiVersion, kind, metadata and spec as they were read, for validation; without status. */
  readonly manifest: unknown;
  /** As last written by this or another replica, or as seen; unchecked in directory mode only as far as the schema allows. */
  readonly status: SmtpRelayStatus | undefined;
}

/** One Secret or ConfigMap that a relay refers to. Always of the relay's own namespace. */
export interface Reference extends Key {
  readonly kind: 'Secret' | 'ConfigMap';
}

export type ReadResult =
  | { readonly kind: 'found'; readonly object: ReferencedObject }
  | { readonly kind: 'missing' }
  /** Names verb, resource and namespace, such as `get secrets in namespace mail`. */
  | { readonly kind: 'denied'; readonly verb: string; readonly resource: string; readonly namespace: string }
  | { readonly kind: 'unavailable'; readonly message: string };

export type WriteResult =
  | { readonly kind: 'written' }
  /** The object is gone, or another one has its name now. */
  | { readonly kind: 'gone' }
  /** It was changed since it was read, where several write to it; read it again. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'denied'; readonly verb: string; readonly resource: string; readonly namespace: string }
  /** The store refuses what was written (a bug, or a schema older than this program). */
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'unavailable'; readonly message: string };

/** A transition worth telling, recorded as an Event (events.k8s.io/v1) or a log line. */
export interface TransitionEvent {
  readonly regarding: StoredRelay;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

export interface StoreListener {
  /** The relay itself, or something it refers to, may have changed or gone: read it again. */
  readonly relayChanged: (key: Key) => void;
  /** A problem or recovery of the store itself (a watch that cannot be opened, a file that cannot be read), a sentence without secrets. */
  readonly problem: (problem: StoreProblem) => void;
}

export interface StoreProblem {
  /** What it is about, the same text until it is over: `watch smtprelays`, or a file's path. */
  readonly subject: string;
  /** What is wrong and where, a text that stands alone; undefined once it is over. */
  readonly message: string | undefined;
  /** All works nevertheless; absent: no. */
  readonly warning?: boolean;
}

export interface Store {
  /** Lists, then watches until the signal aborts. Resolves once the first list is complete; then `list` and `get` answer. */
  start(listener: StoreListener, signal: AbortSignal): Promise<void>;
  list(): readonly Key[];
  get(key: Key): StoredRelay | undefined;
  /** Wakes the relay when one of these changes, in place of what was followed for it before. An empty list forgets it. */
  follow(relay: Key, references: readonly Reference[]): void;
  read(reference: Reference): Promise<ReadResult>;
  /** Replaces the status; `get` shows it at once. Refused as `gone` where the uid is another. */
  writeStatus(relay: StoredRelay, status: SmtpRelayStatus): Promise<WriteResult>;
  record(event: TransitionEvent): Promise<void>;
}
