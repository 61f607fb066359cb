// All objects of a collection at once, for a command that looks once. Where their pages run out it begins anew.
import type { ApiClient, ApiFault } from './api-client.ts';
import { type Collection, faultText } from './collection.ts';
import { listPages } from './list-pages.ts';

export type ListedObjects =
  | { readonly kind: 'listed'; readonly objects: readonly unknown[] }
  /** A sentence; `status` where the API server refused. */
  | { readonly kind: 'failed'; readonly message: string; readonly status: number | undefined };

const pageSize = 500;
const attempts = 3;

export async function listObjects(
  client: ApiClient,
  collection: Collection,
  signal: AbortSignal,
): Promise<ListedObjects> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const objects: unknown[] = [];
    const sink = {
      listStarted() {},
      listed: (some: readonly unknown[]) => void objects.push(...some),
      listComplete() {},
      changed() {},
      deleted() {},
    };
    const outcome = await listPages({ client, collection, sink, pageSize, signal });
    if (outcome.kind === 'listed') return { kind: 'listed', objects };
    if (outcome.kind === 'fault') return failed(collection, outcome.fault);
  }
  return failed(collection, { kind: 'failed', message: 'its pages run out before they are read' });
}

function failed(collection: Collection, fault: ApiFault): ListedObjects {
  const status = fault.kind === 'refused' ? fault.status : undefined;
  return { kind: 'failed', message: faultText('list', collection, fault), status };
}
