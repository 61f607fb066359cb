// Reads a whole collection page by page, so that never more than one page of raw JSON is held.
import type { ApiClient, ApiFault } from './api-client.ts';
import { type Collection, listRequest } from './collection.ts';
import { isObject, metadataOf, textOf } from './json.ts';
import type { Sink } from './sink.ts';

export type ListOutcome =
  /** The version to watch from. */
  | { readonly kind: 'listed'; readonly version: string }
  /** The pages took so long that their snapshot is gone (410): begin anew. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'fault'; readonly fault: ApiFault };

interface ListOptions {
  readonly client: ApiClient;
  readonly collection: Collection;
  readonly sink: Sink;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

export async function listPages({ client, collection, sink, pageSize, signal }: ListOptions): Promise<ListOutcome> {
  let from: string | undefined;
  sink.listStarted();
  do {
    const result = await client.call(listRequest(collection, { limit: pageSize, from }), signal);
    if (result.kind === 'refused' && result.status === 410 && from !== undefined) return { kind: 'expired' };
    if (result.kind !== 'ok') return { kind: 'fault', fault: result };
    const items = itemsOf(result.body);
    const { resourceVersion, continue: next } = metadataOf(result.body);
    if (!items || textOf(resourceVersion) === '') return { kind: 'fault', fault: noList };
    sink.listed(items);
    from = textOf(next);
    if (from === '') {
      sink.listComplete();
      return { kind: 'listed', version: textOf(resourceVersion) };
    }
  } while (!signal.aborted);
  return { kind: 'fault', fault: { kind: 'failed', message: 'stopped' } };
}

const noList: ApiFault = { kind: 'refused', status: 200, reason: '', message: 'with something that is no list' };

/** Of an empty list Go's encoder may make null. */
function itemsOf(body: unknown): readonly unknown[] | undefined {
  if (!isObject(body)) return undefined;
  if (body.items === null) return [];
  return Array.isArray(body.items) ? body.items : undefined;
}
