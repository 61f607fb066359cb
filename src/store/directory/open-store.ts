// Wires what follows the files to what keeps the relays, and both to the listener. The lock is already held.
import { join } from 'node:path';
import { objectData } from '../../api/manifest/object-data.ts';
import { keyOf } from '../../api/resource.ts';
import { createReferenceIndex, referenceText } from '../reference-index.ts';
import type { ReadResult, Reference, Store } from '../store.ts';
import { createEventLog } from './event-log.ts';
import type { Fingerprint } from './fingerprint.ts';
import { followFiles } from './follow-files.ts';
import type { TreeFollower } from './follow-tree.ts';
import { keepLock } from './keep-lock.ts';
import { createManifestSet, type ManifestSet } from './manifest-set.ts';
import { createProblemBoard } from './problem-board.ts';
import { createRelayBook } from './relay-book.ts';
import { rereadObject } from './reread-object.ts';
import type { StateLock } from './state-lock.ts';
import { statusPath } from './status-file.ts';

export interface OpenStoreOptions {
  readonly directory: string;
  readonly stateDirectory: string;
  readonly namespace: string;
  readonly pollInterval: number;
  readonly now: () => number;
  readonly fingerprint: Fingerprint;
  readonly lock: StateLock;
}

export function openStore(options: OpenStoreOptions): Store {
  const { stateDirectory, now } = options;
  const manifests = createManifestSet(options);
  const root = join(stateDirectory, 'status');
  const book = createRelayBook({ ...options, root });
  const references = createReferenceIndex();
  const events = createEventLog(stateDirectory);
  let closed = false;
  let statusFiles: TreeFollower | undefined;
  let board = createProblemBoard(() => {});

  return {
    async start(listener, signal) {
      board = createProblemBoard(listener.problem);
      keepLock({ ...options, board }, signal);
      signal.addEventListener('abort', () => {
        closed = true; // the next holder of the lock may be writing already
      });
      statusFiles = await followFiles({ ...options, manifests, book, references, board, listener }, signal);
    },
    list: () => book.keys(),
    get: (key) => book.get(key),
    follow: (relay, refs) => {
      references.follow(relay, refs);
    },
    read: (reference) => read(reference, manifests, options),
    async writeStatus(relay, status) {
      if (closed) return { kind: 'unavailable', message: 'The store was closed.' };
      const result = await book.writeStatus(relay, status);
      if (result.kind === 'written') statusFiles?.written(statusPath(root, keyOf(relay)));
      return result;
    },
    async record(event) {
      const problem = await events.append(event, now());
      board.replace('events', asProblems('event log', problem));
    },
  };
}

async function read(reference: Reference, manifests: ManifestSet, options: OpenStoreOptions): Promise<ReadResult> {
  const declared = manifests.find(referenceText(reference));
  if (!declared) return { kind: 'missing' };
  const reread = await rereadObject(declared, options);
  if (reread.kind === 'unreadable') return { kind: 'unavailable', message: reread.message };
  const decoded = objectData(reread.manifest);
  if (decoded.kind === 'invalid') {
    return { kind: 'unavailable', message: `${declared.place.file}: ${decoded.fieldPath}: ${decoded.message}` };
  }
  const type = reference.kind === 'Secret' ? String(reread.manifest.type ?? 'Opaque') : '';
  return { kind: 'found', object: { resourceVersion: reread.version, type, data: decoded.data } };
}

function asProblems(subject: string, message: string | undefined): ReadonlyMap<string, string> {
  return message === undefined ? new Map() : new Map([[subject, message]]);
}
