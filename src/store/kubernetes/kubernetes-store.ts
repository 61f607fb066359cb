// The store on a Kubernetes cluster: relays in a cache that watches keep in step, all else read and written through.
import { type Key, keyText } from '../../api/resource.ts';
import { aborted } from '../aborted.ts';
import type { Clock } from '../clock.ts';
import type { Store, StoreListener } from '../store.ts';
import type { ApiClient } from './api-client.ts';
import type { Collection } from './collection.ts';
import { relayResource } from './custom-resource.ts';
import { guarded } from './guarded.ts';
import { readReference } from './read-reference.ts';
import { recordEvent, referenceTo } from './record-event.ts';
import { createReferenceWatches, type SecretAccess } from './reference-watches.ts';
import { type ReflectorTimings, reflectorTimings, startReflector } from './reflector.ts';
import { type RelayFeed, startRelayFeed } from './relay-feed.ts';
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
  /** Watches that others in this process look at too; absent: the store's own. */
  readonly feed?: RelayFeed;
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
  let listener: StoreListener | undefined;
  let feed = options.feed;
  let written: (object: unknown) => void = () => undefined;

  const problem = tellOnce((told) => listener?.problem(told));
  const wake = (key: Key) => guarded(() => listener?.relayChanged(key), { subject: `wake ${keyText(key)}`, problem });
  const reflect = (collection: Collection, sink: Sink, signal: AbortSignal) =>
    startReflector({ client, collection, sink, timings, clock, random, problem }, signal);

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
      feed ??= startRelayFeed({ ...options, problem }, stopped.signal);
      written = feed.listen(wake, stopped.signal);
      await Promise.race([feed.synced, aborted(stopped.signal)]);
    },
    list: () => feed?.relays.list() ?? [],
    get: (key) => feed?.relays.get(key),
    follow: references.follow,
    staleness: () => feed?.staleness() ?? 0,
    async read(reference) {
      const result = await readReference(calls, reference);
      if (result.kind === 'found') references.saw(reference, result.object.resourceVersion);
      return result;
    },
    writeStatus: (relay, status) =>
      writeStatus({
        client: calls,
        resource: relayResource,
        object: relay,
        status,
        written: (object) => written(object),
      }),
    record(event) {
      const regarding = referenceTo(relayResource, event.regarding);
      return recordEvent({ client: calls, identity, now: clock.now, problem }, { ...event, regarding });
    },
  };
}
