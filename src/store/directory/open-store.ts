// Wires what follows the files to what keeps relays and policies, and all of it to the listeners. The lock is already held.
import { join } from 'node:path';
import { type Key, keyOf } from '../../api/resource.ts';
import type { AlarmStore } from '../alarm-store.ts';
import type { PolicyListener, PolicyStore } from '../policy-store.ts';
import { createReferenceIndex } from '../reference-index.ts';
import type { Store, StoreListener, WriteResult } from '../store.ts';
import type { StoredObject } from '../stored-object.ts';
import type { DeclarationOptions, OwnKindName } from './declared-object.ts';
import { createEventLog, type LoggedEvent } from './event-log.ts';
import type { FirstSeen } from './first-seen.ts';
import { type Changed, followFiles } from './follow-files.ts';
import type { TreeFollower } from './follow-tree.ts';
import { keepLock } from './keep-lock.ts';
import { createManifestAlarms } from './manifest-alarms.ts';
import { createManifestSet } from './manifest-set.ts';
import { createObjectBook, type ObjectBook } from './object-book.ts';
import { policies as policyKind, relays as relayKind } from './own-kind.ts';
import { createPolicyView } from './policy-view.ts';
import { createProblemBoard, type ProblemBoard } from './problem-board.ts';
import { readDeclared } from './read-declared.ts';
import type { StateLock } from './state-lock.ts';
import { statusPath } from './status-file.ts';

export interface OpenStoreOptions extends DeclarationOptions {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly pollInterval: number;
  readonly now: () => number;
  readonly seen: FirstSeen;
  /** Undefined: nothing may be written. */
  readonly lock: StateLock | undefined;
}

/** `start` and `startPolicies` may come in any order: the first opens the files, and its signal closes them for both. */
export type DirectoryStore = Store & PolicyStore & AlarmStore;

export function openStore(options: OpenStoreOptions): DirectoryStore {
  const { stateDirectory, now, lock } = options;
  const readOnly = lock === undefined;
  const manifests = createManifestSet(options);
  const { manifestsRead, ...alarms } = createManifestAlarms(manifests);
  const root = join(stateDirectory, 'status');
  const books = {
    SmtpRelay: createObjectBook(relayKind, { ...options, root, readOnly }),
    NotificationPolicy: createObjectBook(policyKind, { ...options, root, readOnly }),
  };
  const references = { relays: createReferenceIndex(), policies: createReferenceIndex() };
  const events = createEventLog(stateDirectory);
  const listeners: Listeners = { relays: undefined, policies: undefined };
  let closed = false;
  let board: ProblemBoard | undefined;
  let following: Promise<TreeFollower> | undefined;

  const follow = (problem: StoreListener['problem'], signal: AbortSignal): Promise<TreeFollower> => {
    board = createProblemBoard(problem);
    if (lock) keepLock({ lock, stateDirectory, board }, signal);
    signal.addEventListener('abort', () => {
      closed = true; // the next holder of the lock may be writing already
    });
    const changed = (change: Changed, key: Key) => tell(listeners, change, key);
    return followFiles(
      { ...options, firstSeen: options.seen, readOnly, manifests, books, references, board, changed, manifestsRead },
      signal,
    );
  };
  const write = async <Status>(
    kind: OwnKindName,
    { book, object, status }: { book: ObjectBook<Status>; object: StoredObject<Status>; status: Status },
  ): Promise<WriteResult> => {
    if (closed) return { kind: 'unavailable', message: 'The store was closed.' };
    const result = await book.writeStatus(object, status);
    if (result.kind === 'written') (await following)?.written(statusPath(root, { kind, ...keyOf(object) }));
    return result;
  };
  const record = async (event: LoggedEvent) => {
    const problem = readOnly ? notWritten : await events.append(event, now());
    board?.replace('events', problem === undefined ? new Map() : new Map([['event log', problem]]));
  };

  return {
    async start(listener, signal) {
      listeners.relays = listener;
      signal.addEventListener('abort', () => {
        listeners.relays = undefined;
      });
      following ??= follow(listener.problem, signal);
      await following;
    },
    list: () => books.SmtpRelay.keys(),
    get: (key) => books.SmtpRelay.get(key),
    follow: (relay, refs) => {
      references.relays.follow(relay, refs);
    },
    read: (reference) => readDeclared(reference, manifests, options),
    writeStatus: (object, status) => write('SmtpRelay', { book: books.SmtpRelay, object, status }),
    record: ({ regarding, ...event }) => record({ ...event, regarding: { kind: 'SmtpRelay', ...keyOf(regarding) } }),

    async startPolicies(listener, signal) {
      listeners.policies = listener;
      signal.addEventListener('abort', () => {
        listeners.policies = undefined;
      });
      following ??= follow(listener.problem, signal);
      await following;
    },
    listPolicies: () => books.NotificationPolicy.keys(),
    getPolicy: (key) => books.NotificationPolicy.get(key),
    ...createPolicyView(manifests),
    ...alarms,
    readAccountSecret: (key) => readDeclared({ kind: 'Secret', ...key }, manifests, options),
    readTexts: (key) => readDeclared({ kind: 'ConfigMap', ...key }, manifests, options),
    followTexts(policy, configMaps) {
      const follow = configMaps.map(({ namespace, name }) => ({ kind: 'ConfigMap', namespace, name }) as const);
      references.policies.follow(policy, follow);
    },
    writePolicyStatus: (object, status) =>
      write('NotificationPolicy', { book: books.NotificationPolicy, object, status }),
    recordPolicyEvent: ({ regarding, ...event }) =>
      record({ ...event, regarding: { kind: 'NotificationPolicy', ...keyOf(regarding) } }),
    recordAccountEvent: ({ account: { namespace, name }, reason, note }) =>
      record({ regarding: { kind: 'Secret', namespace, name }, type: 'Warning', reason, action: 'ReadAccount', note }),
  };
}

const notWritten = 'No event is recorded: the state directory was opened only to be read.';

interface Listeners {
  relays: StoreListener | undefined;
  policies: PolicyListener | undefined;
}

function tell({ relays, policies }: Listeners, change: Changed, key: Key): void {
  switch (change) {
    case 'relay':
      relays?.relayChanged(key);
      break;
    case 'policy':
      policies?.policyChanged(key);
      break;
    case 'account':
      policies?.accountChanged(key);
      break;
  }
}
