// Accounts, or TLS certificates: what is kept of all Secrets of one type, from one paged watch by a `type=` field
// selector, as far as --secret-access goes.
import type { Key } from '../../api/resource.ts';
import type { StoreProblem } from '../store.ts';
import type { Collection } from './collection.ts';
import { createObjectCache } from './object-cache.ts';
import type { SecretAccess } from './reference-watches.ts';
import type { Reflector } from './reflector.ts';
import { outOfScope } from './resource-watches.ts';
import { createScopedWatches, type ScopedWatches } from './scoped-watches.ts';
import type { Sink } from './sink.ts';

export interface SecretSubjects<Item> extends Pick<ScopedWatches, 'begin' | 'running'> {
  /** Starts to look at the namespace where nobody does yet; undefined where nobody may. */
  see(namespace: string): Reflector | undefined;
  inNamespace(namespace: string): readonly Item[];
  whyUnseen(namespace: string): string | undefined;
  get(key: Key): Item | undefined;
}

interface SecretSubjectsOptions<Item> {
  /** In messages. */
  readonly what: 'accounts' | 'certificates';
  readonly type: string;
  /** What is kept of a Secret: never its password or key. */
  readonly read: (secret: unknown) => Item | undefined;
  readonly changed: (key: Key) => void;
  readonly access: SecretAccess;
  readonly namespaces: readonly string[];
  readonly reflect: (collection: Collection, sink: Sink) => Reflector;
  readonly problem: (problem: StoreProblem) => void;
}

export function createSecretSubjects<Item>(options: SecretSubjectsOptions<Item>): SecretSubjects<Item> {
  const { what, type, access, reflect, problem, namespaces } = options;
  const cache = createObjectCache(options);
  const collection = { group: '', version: 'v1', resource: 'secrets', type, metadataOnly: false };
  const scope = { namespaces, wide: access === 'Cluster' };
  const watches = createScopedWatches({ scope, collection, sink: cache.sink, reflect });
  if (access === 'Named') return unseenSubjects(what, problem);

  return {
    ...watches,
    inNamespace(namespace) {
      watches.see(namespace);
      return cache.inNamespace(namespace);
    },
    get: cache.get,
    whyUnseen(namespace) {
      const reflector = watches.see(namespace);
      return reflector ? reflector.unseen() : outOfScope(namespace);
    },
  };
}

/** Told once somebody asks: no rule may need them. */
function unseenSubjects(
  what: SecretSubjectsOptions<never>['what'],
  problem: (problem: StoreProblem) => void,
): SecretSubjects<never> {
  const message = `${what} cannot be seen: with --secret-access Named only Secrets that a relay or a policy names are read; give Cluster or Namespaces`;
  return {
    see: () => undefined,
    begin: () => undefined,
    running: () => [],
    get: () => undefined,
    inNamespace() {
      problem({ subject: `see ${what}`, message });
      return [];
    },
    whyUnseen: () => message,
  };
}
