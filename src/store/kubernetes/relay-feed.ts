// The SmtpRelays of a cluster by one set of watches, for all in this process that look at them: who probes for a term of
// leadership, and who sends mail through them.
import { type Key, keyText } from '../../api/resource.ts';
import type { Clock } from '../clock.ts';
import type { StoredRelay, StoreProblem } from '../store.ts';
import type { ApiClient } from './api-client.ts';
import { customCollection, relayResource } from './custom-resource.ts';
import { guarded } from './guarded.ts';
import { metadataOf, textOf } from './json.ts';
import type { ObjectCache } from './object-cache.ts';
import { type ReflectorTimings, reflectorTimings, startReflector } from './reflector.ts';
import { createRelayCache } from './relay-cache.ts';

export interface RelayFeedOptions {
  readonly client: ApiClient;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly clock: Clock;
  readonly random: () => number;
  readonly timings?: ReflectorTimings;
  readonly problem: (problem: StoreProblem) => void;
}

export interface RelayFeed {
  readonly relays: Pick<ObjectCache<StoredRelay>, 'list' | 'get'>;
  /** Resolves once all are listed. */
  readonly synced: Promise<void>;
  /** Told of what changes until the signal aborts. Gives what to call with an object that the listener itself has written. */
  listen(wake: (key: Key) => void, signal: AbortSignal): (written: unknown) => void;
  /** Milliseconds since the API server was last heard of about SmtpRelays, at worst over namespaces. */
  staleness(): number;
}

/** Watches until the signal aborts. */
export function startRelayFeed(options: RelayFeedOptions, signal: AbortSignal): RelayFeed {
  const { client, namespaces, clock, random, timings = reflectorTimings, problem } = options;
  const listeners = new Set<(key: Key) => void>();
  const tell = (key: Key, writer?: (key: Key) => void) => {
    for (const wake of listeners) {
      if (wake !== writer) guarded(() => wake(key), { subject: `wake ${keyText(key)}`, problem });
    }
  };
  const cache = createRelayCache(tell);
  const scopes = namespaces.length === 0 ? [undefined] : namespaces;
  const reflectors = scopes.map((scope) =>
    startReflector(
      {
        ...{ client, timings, clock, random, problem },
        collection: customCollection(relayResource, scope),
        sink: cache.sink(scope),
      },
      signal,
    ),
  );
  return {
    relays: cache,
    synced: Promise.all(reflectors.map(({ synced }) => synced)).then(() => undefined),
    listen(wake, until) {
      listeners.add(wake);
      until.addEventListener('abort', () => listeners.delete(wake), { once: true });
      return (object) => {
        cache.written(object);
        // The watch will have nothing new to tell of it: the others hear of it now.
        const { namespace, name } = metadataOf(object);
        tell({ namespace: textOf(namespace), name: textOf(name) }, wake);
      };
    },
    staleness: () => Math.max(0, ...reflectors.map((reflector) => reflector.staleness())),
  };
}
