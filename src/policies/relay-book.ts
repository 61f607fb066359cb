// The relays as policies see them: each spec parsed once a generation.
import { type Key, keyText } from '../api/resource.ts';
import type { SmtpRelay } from '../api/smtp-relay.ts';
import { parseRelay } from '../api/validate-relay.ts';
import type { Store, StoredRelay } from '../store/store.ts';
import type { ChainRelay } from './relay-chain.ts';

export interface KnownRelay {
  readonly key: Key;
  readonly stored: StoredRelay;
  readonly relay: SmtpRelay;
  /** When its spec was seen to be edited; 0 for the one that was there first. */
  readonly editedAt: number;
}

export interface RelayBook {
  /** Undefined where it does not exist or its spec cannot be used. */
  find(key: Key): KnownRelay | undefined;
  /** All that exist, whatever their spec. */
  all(): readonly StoredRelay[];
}

interface Page {
  readonly uid: string;
  readonly generation: number;
  readonly relay: SmtpRelay | undefined;
  readonly editedAt: number;
}

export function createRelayBook(store: Pick<Store, 'list' | 'get'>, now: () => number): RelayBook {
  const pages = new Map<string, Page>();

  function find(key: Key): KnownRelay | undefined {
    const stored = store.get(key);
    if (!stored) {
      pages.delete(keyText(key));
      return undefined;
    }
    const { relay, editedAt } = pageOf(key, stored);
    return relay && { key: { namespace: key.namespace, name: key.name }, stored, relay, editedAt };
  }

  function pageOf(key: Key, { metadata: { uid, generation }, manifest }: StoredRelay): Page {
    const known = pages.get(keyText(key));
    if (known?.uid === uid && known.generation === generation) return known;
    const parsed = parseRelay(manifest);
    const relay = parsed.kind === 'valid' ? parsed.relay : undefined;
    const page = { uid, generation, relay, editedAt: known?.uid === uid ? now() : 0 };
    pages.set(keyText(key), page);
    return page;
  }

  return { find, all: () => store.list().flatMap((key) => store.get(key) ?? []) };
}

export function chainRelay({ key, stored, relay: { spec } }: KnownRelay): ChainRelay {
  return {
    key,
    allowedNamespaces: spec.allowedNamespaces,
    suspended: spec.suspend,
    ready: stored.status?.conditions?.find(({ type }) => type === 'Ready'),
  };
}
