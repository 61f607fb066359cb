// Ends a probe under way that began with what is no longer so, rather than wait for a server that may never answer it.
import type { ObservedReference } from '../api/smtp-relay.ts';
import type { Store, StoredRelay } from '../store/store.ts';

export interface ProbeUnderWay {
  readonly uid: string;
  readonly generation: number;
  readonly references: readonly ObservedReference[];
  readonly abort: AbortController;
}

export async function endStaleProbe(
  underWay: ProbeUnderWay | undefined,
  relay: StoredRelay | undefined,
  store: Pick<Store, 'read'>,
): Promise<void> {
  if (!underWay) return;
  const same = relay?.metadata.uid === underWay.uid && relay.metadata.generation === underWay.generation;
  if (!same) return underWay.abort.abort();
  const { namespace } = relay.metadata;
  const changed = await Promise.all(
    underWay.references.map(async ({ kind, name, resourceVersion }) => {
      if (kind !== 'Secret' && kind !== 'ConfigMap') return false;
      const now = await store.read({ kind, namespace, name });
      return now.kind === 'missing' || (now.kind === 'found' && now.object.resourceVersion !== resourceVersion);
    }),
  );
  if (changed.includes(true)) underWay.abort.abort();
}
