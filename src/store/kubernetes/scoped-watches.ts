// The watches over one kind of object, as wide as the operator may look: all namespaces at once, or one each.
import type { Collection } from './collection.ts';
import type { Reflector } from './reflector.ts';
import type { Sink } from './sink.ts';

export interface WatchScope {
  /** Not empty: only these, whatever `wide` says. */
  readonly namespaces: readonly string[];
  /** One watch over all namespaces; else one in each namespace that is asked for. */
  readonly wide: boolean;
}

export interface ScopedWatches {
  /** Starts what is needed to see this namespace; undefined where the operator is not to look into it. */
  see(namespace: string): Reflector | undefined;
  /** Starts what is known to be needed beforehand: nothing where each namespace has to be asked for. */
  begin(): void;
  /** All that were started. */
  running(): readonly Reflector[];
}

interface ScopedWatchesOptions {
  readonly scope: WatchScope;
  readonly collection: Collection;
  readonly sink: (namespace: string | undefined) => Sink;
  readonly reflect: (collection: Collection, sink: Sink) => Reflector;
}

export function createScopedWatches({ scope, collection, sink, reflect }: ScopedWatchesOptions): ScopedWatches {
  const reflectors = new Map<string | undefined, Reflector>();
  const start = (namespace: string | undefined) => {
    const running = reflectors.get(namespace);
    if (running) return running;
    const scoped = namespace === undefined ? collection : { ...collection, namespace };
    const started = reflect(scoped, sink(namespace));
    reflectors.set(namespace, started);
    return started;
  };

  return {
    see(namespace) {
      if (scope.namespaces.length > 0) return scope.namespaces.includes(namespace) ? start(namespace) : undefined;
      return start(scope.wide ? undefined : namespace);
    },
    begin() {
      if (scope.namespaces.length > 0) scope.namespaces.forEach(start);
      else if (scope.wide) start(undefined);
    },
    running: () => [...reflectors.values()],
  };
}
