// Records as Secrets of one namespace and one type. A create, a change and a removal are a write of the API server each.
import type { Clock } from '../clock.ts';
import type { RecordFault, RecordListener, Records } from '../records.ts';
import type { StoreProblem } from '../store.ts';
import type { ApiClient, ApiFault, ApiRequest } from './api-client.ts';
import { type Collection, collectionPath } from './collection.ts';
import { createRecordSink, type RecordSink } from './record-sink.ts';
import { type ReflectorTimings, startReflector } from './reflector.ts';
import { patchOf, type RecordKind, recordOf, secretOf } from './secret-record.ts';

export interface SecretRecordsOptions extends RecordKind {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timings: ReflectorTimings;
  readonly problem: (problem: StoreProblem) => void;
}

export function createSecretRecords(options: SecretRecordsOptions): Records {
  const { client, namespace, type } = options;
  const collection: Collection = { group: '', version: 'v1', resource: 'secrets', namespace, type, metadataOnly: true };
  const path = collectionPath(collection);
  const pathOf = (name: string) => `${path}/${encodeURIComponent(name)}`;
  let sink: RecordSink = createRecordSink(nobody);

  return {
    async follow(listener, signal) {
      sink = createRecordSink(listener);
      await startReflector({ ...options, collection, sink }, signal).settled;
    },
    async create(record) {
      const body = secretOf(options, record);
      const result = await client.call({ method: 'POST', path, body, accept: metadataOnly });
      if (result.kind !== 'ok') {
        if (result.kind === 'refused' && result.reason === 'AlreadyExists') return { kind: 'exists' };
        return { kind: 'unavailable', message: faultText('create', `in namespace ${namespace}`, result) };
      }
      sink.written(result.body);
      return { kind: 'created' };
    },
    async read(name) {
      const result = await client.call({ method: 'GET', path: pathOf(name) });
      return result.kind === 'ok' ? recordOf(result.body) : faultOf('get', `${namespace}/${name}`, result);
    },
    async change(change) {
      const result = await client.call(patch(pathOf(change.name), patchOf(change)));
      if (result.kind !== 'ok') return faultOf('patch', `${namespace}/${change.name}`, result);
      sink.written(result.body);
      return recordOf(result.body);
    },
    async remove(name, version) {
      const body = version === undefined ? undefined : { preconditions: { resourceVersion: version } };
      const result = await client.call({ method: 'DELETE', path: pathOf(name), body, accept: metadataOnly });
      const fault = result.kind === 'ok' ? undefined : faultOf('delete', `${namespace}/${name}`, result);
      if (!fault || fault.kind === 'gone') sink.removed(name);
      return fault ?? { kind: 'removed' };
    },
  };
}

const nobody: RecordListener = { changed: () => {}, gone: () => {} };

/** With plain JSON as an alternative: what comes back is what was sent. */
const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

function patch(path: string, body: object): ApiRequest {
  return { method: 'PATCH', path, body, contentType: 'application/merge-patch+json' };
}

function faultOf(verb: string, name: string, fault: ApiFault): RecordFault {
  if (fault.kind === 'refused' && fault.status === 404) return { kind: 'gone' };
  if (fault.kind === 'refused' && fault.status === 409) return { kind: 'conflict' };
  return { kind: 'unavailable', message: faultText(verb, name, fault) };
}

function faultText(verb: string, what: string, fault: ApiFault): string {
  if (fault.kind === 'failed')
    return `cannot ${verb} secret ${what}: the API server cannot be reached: ${fault.message}`;
  const remedy =
    fault.status === 403 ? '; where RBAC forbids it, grant create, get, list, watch, patch and delete on secrets' : '';
  return `cannot ${verb} secret ${what}: the API server answered ${fault.status} ${fault.message}${remedy}`;
}
