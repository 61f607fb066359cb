// The store on a Kubernetes cluster: relays in a cache that watches keep in step, all else read and written through.
import { type Key, keyText } from '../../api/resource.ts';
import type { Clock } from '../clock.ts';
import type { Store, StoreListener } from '../store.ts';
import type { ApiClient } from './api-client.ts';
import type { Collection } from './collection.ts';
import { customCollection, relayResource } from './custom-resource.ts';
import { guarded } from './guarded.ts';
import { readReference } from './read-reference.ts';
import { recordEvent, referenceTo } from './record-event.ts';
import { createReferenceWatches, type SecretAccess } from './reference-watches.ts';
import { type Reflector, type ReflectorTimings, reflectorTimings, startReflector } from './reflector.ts';
import { createRelayCache } from './relay-cache.ts';
import type { Sink } from './sink.ts';
import { tellOnce } from './tell-once.ts';
import { writeStatus } from './write-status.ts';

export interface KubernetesStoreOptions {
  readonly client: ApiClient;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly secretAccess: SecretAccess;
  /** This replica's name, for Events. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timings?: ReflectorTimings;
}

export interface KubernetesStore extends Store {
  /** Milliseconds since the API server was last heard of about SmtpRelays, at worst over namespaces. */
  staleness(): number;
}

export function createKubernetesStore(options: KubernetesStoreOptions): KubernetesStore {
  const { client, clock, random, identity, timings = reflectorTimings } = options;
  const stopped = new AbortController();
  // A call that still waits for its turn when the term of a leader ends must not go out any more.
  const calls: Pick<ApiClient, 'call'> = { call: (request) => client.call(request, stopped.signal) };
  const reflectors: Reflector[] = [];
  let listener: StoreListener | undefined;

  const problem = tellOnce((told) => listener?.problem(told));
  const wake = (key: Key) => guarded(() => listener?.relayChanged(key), { subject: `wake ${keyText(key)}`, problem });
  const reflect = (collection: Collection, sink: Sink, signal: AbortSignal) =>
    startReflector({ client, collection, sink, timings, clock, random, problem }, signal);

  const cache = createRelayCache(wake);
  const references = createReferenceWatches({
    access: options.secretAccess,
    wake,
    watch: (collection, sink, signal) => reflect(collection, sink, AbortSignal.any([signal, stopped.signal])),
  });

  return {
    async start(told, signal) {
      listener = told;
      signal.addEventListener('abort', () => stopped.abort(), { once: true });
      if (signal.aborted) return stopped.abort();
      const scopes = options.namespaces.length === 0 ? [undefined] : options.namespaces;
      for (const scope of scopes)
        reflectors.push(reflect(customCollection(relayResource, scope), cache.sink(scope), stopped.signal));
      await Promise.all(reflectors.map(({ synced }) => synced));
    },
    list: cache.list,
    get: cache.get,
    follow: references.follow,
    staleness: () => Math.max(0, ...reflectors.map((reflector) => reflector.staleness())),
    async read(reference) {
      const result = await readReference(calls, reference);
      if (result.kind === 'found') references.saw(reference, result.object.resourceVersion);
      return result;
    },
    writeStatus: (relay, status) =>
      writeStatus({ client: calls, resource: relayResource, object: relay, status, written: cache.written }),
    record(event) {
      const regarding = referenceTo(relayResource, event.regarding);
      return recordEvent({ client: calls, identity, now: clock.now, problem }, { ...event, regarding });
    },
  };
}
