// Segments as Secrets of one namespace: immutable, so that not even another program changes one.
import type { Segments } from '../segments.ts';
import type { ApiClient, ApiFault } from './api-client.ts';
import { type Collection, collectionPath } from './collection.ts';
import { isObject, metadataOf, textOf } from './json.ts';
import { listPages } from './list-pages.ts';
import type { Sink } from './sink.ts';

/** What they are segments of: says the Secrets' type, label and the beginning of their names, so that none are mixed. */
export type SegmentsOf = 'ledger' | 'journal' | 'history';

const bytesKey = 'segment';
const pageSize = 500;

export function createSecretSegments(client: ApiClient, namespace: string, of: SegmentsOf = 'ledger'): Segments {
  const collection: Collection = {
    group: '',
    version: 'v1',
    resource: 'secrets',
    namespace,
    type: typeOf(of),
    metadataOnly: true,
  };
  const path = collectionPath(collection);
  const pathOf = (name: string) => `${path}/${of}-${encodeURIComponent(name)}`;

  return {
    async create(name, bytes) {
      const result = await client.call({ method: 'POST', path, body: secretOf({ namespace, of }, name, bytes) });
      if (result.kind === 'ok') return { kind: 'written' };
      if (result.kind === 'refused' && result.reason === 'AlreadyExists') return { kind: 'exists' };
      return { kind: 'unavailable', message: faultText('create', `${of} segment ${name}`, result) };
    },
    list: () => listNames(client, collection, of),
    async read(name) {
      const result = await client.call({ method: 'GET', path: pathOf(name) });
      if (result.kind === 'ok') return bytesOf(result.body);
      if (result.kind === 'refused' && result.status === 404) return undefined;
      throw new Error(faultText('get', `${of} segment ${name}`, result));
    },
    async remove(name) {
      const result = await client.call({ method: 'DELETE', path: pathOf(name) });
      if (result.kind === 'ok' || (result.kind === 'refused' && result.status === 404)) return;
      throw new Error(faultText('delete', `${of} segment ${name}`, result));
    },
  };
}

function typeOf(of: SegmentsOf): string {
  return `relaykeeper.dev/${of}`;
}

interface Place {
  readonly namespace: string;
  readonly of: SegmentsOf;
}

function secretOf({ namespace, of }: Place, name: string, bytes: Buffer): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: typeOf(of),
    immutable: true,
    metadata: { namespace, name: `${of}-${name}`, labels: { [typeOf(of)]: 'segment' } },
    data: { [bytesKey]: bytes.toString('base64') },
  };
}

async function listNames(client: ApiClient, collection: Collection, of: SegmentsOf): Promise<string[]> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const names: string[] = [];
    const outcome = await listPages({ client, collection, sink: namesInto(names, `${of}-`), pageSize, signal: never });
    if (outcome.kind === 'listed') return names;
    if (outcome.kind === 'fault') throw new Error(faultText('list', `the segments of the ${of}`, outcome.fault));
  }
  throw new Error(`cannot list the segments of the ${of}: its pages run out before they are read`);
}

const never = new AbortController().signal;

function namesInto(names: string[], prefix: string): Sink {
  return {
    listStarted: () => {},
    listed: (objects) =>
      void names.push(...objects.map((object) => textOf(metadataOf(object).name).slice(prefix.length))),
    listComplete: () => {},
    changed: () => {},
    deleted: () => {},
  };
}

function bytesOf(secret: unknown): Buffer {
  const data = isObject(secret) && isObject(secret.data) ? secret.data : {};
  return Buffer.from(textOf(data[bytesKey]), 'base64');
}

function faultText(verb: string, what: string, fault: ApiFault): string {
  const why =
    fault.kind === 'failed'
      ? `the API server cannot be reached: ${fault.message}`
      : `the API server answered ${fault.status} ${fault.message}`;
  return `cannot ${verb} ${what}: ${why}`;
}
