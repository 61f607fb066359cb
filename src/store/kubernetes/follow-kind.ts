// Follows the objects of one kind, which may not be known to the API server yet: it is asked again until it is. Of the
// objects nothing is kept but their names, to know which have gone when a list begins anew.
import { type Key, keyText } from '../../api/resource.ts';
import { aborted } from '../aborted.ts';
import type { AlarmStore } from '../alarm-store.ts';
import { refusedKind } from '../refused-kind.ts';
import { backoffMs } from './backoff.ts';
import type { Collection } from './collection.ts';
import { type Discovery, discoverResource } from './discover-resource.ts';
import { metadataOf, textOf } from './json.ts';
import { type ReflectorOptions, startReflector } from './reflector.ts';
import type { Sink } from './sink.ts';
import { storedResource } from './stored-resource.ts';

type Listener = Omit<Parameters<AlarmStore['followResources']>[0], 'namespaces' | 'problem'>;

export interface FollowKindOptions extends Listener, Omit<ReflectorOptions, 'collection' | 'sink'> {
  /** One watch each. */
  readonly scopes: readonly Pick<Collection, 'namespace'>[];
}

/** Resolves once all that are there were told, or the signal aborts. */
export async function followKind(options: FollowKindOptions, signal: AbortSignal): Promise<void> {
  const collection = await discovered(options, signal);
  if (!collection) return;
  const reflectors = options.scopes.map((scope) =>
    startReflector({ ...options, collection: { ...collection, ...scope }, sink: resourceSink(options) }, signal),
  );
  await Promise.all(reflectors.map(({ synced }) => synced));
  if (!signal.aborted) options.complete();
}

async function discovered(options: FollowKindOptions, signal: AbortSignal): Promise<Collection | undefined> {
  const { client, kind, problem, clock, timings, random } = options;
  const subject = `watch ${kind.kind} of ${kind.apiVersion}`;
  const calls = { call: (request: Parameters<typeof client.call>[0]) => client.call(request, signal) };
  for (let failures = 1; !signal.aborted; failures += 1) {
    const refused = refusedKind(kind);
    const found: Discovery = refused ? { kind: 'unavailable', message: refused } : await discoverResource(calls, kind);
    if (signal.aborted) break;
    problem({ subject, message: found.kind === 'found' ? undefined : found.message });
    if (found.kind === 'found') return found.collection;
    // No waiting makes a Secret another kind.
    if (refused) await aborted(signal);
    else await clock.sleep(backoffMs(failures, timings.backoff, random), signal);
  }
  problem({ subject, message: undefined });
  return undefined;
}

function resourceSink({ kind, changed, gone }: Listener): Sink {
  const known = new Map<string, Key>();
  let listed = new Set<string>();

  const tell = (object: unknown): string => {
    const key = keyOf(object);
    const resource = storedResource(object, kind);
    known.set(keyText(key), key);
    if (resource) changed(resource);
    return keyText(key);
  };
  const forget = (text: string) => {
    const key = known.get(text);
    if (known.delete(text) && key) gone(key);
  };

  return {
    listStarted() {
      listed = new Set();
    },
    listed(objects) {
      for (const object of objects) listed.add(tell(object));
    },
    listComplete() {
      for (const text of [...known.keys()]) if (!listed.has(text)) forget(text);
      listed = new Set();
    },
    changed: tell,
    deleted: (object) => forget(keyText(keyOf(object))),
  };
}

function keyOf(object: unknown): Key {
  const { namespace, name } = metadataOf(object);
  return { namespace: textOf(namespace), name: textOf(name) };
}
