// Leases of coordination.k8s.io/v1, in one namespace. A write names the version it read; the API server refuses it
// when that is no longer the latest.
import type { LeaseRead, LeaseRecord, LeaseStore, LeaseWrite } from '../lease.ts';
import type { ApiClient, ApiFault, ApiRequest } from './api-client.ts';
import { isObject, metadataOf, textOf } from './json.ts';

export function createKubernetesLeases(client: ApiClient, namespace: string): LeaseStore {
  const path = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  return {
    async read(name, signal) {
      const result = await client.call({ method: 'GET', path: `${path}/${name}`, unlimited: true }, signal);
      if (result.kind === 'ok') return found(result.body);
      if (result.kind === 'refused' && result.status === 404) return { kind: 'missing' };
      return { kind: 'failed', message: faultText('get', `${namespace}/${name}`, result) };
    },
    async write(name, record, version, signal) {
      const request = version === undefined ? create(path, name, record) : update(path, { name, record, version });
      const result = await client.call(request, signal);
      if (result.kind === 'ok') return { kind: 'written', version: textOf(metadataOf(result.body).resourceVersion) };
      // 404: deleted since it was read. 409: changed since, or created by another.
      if (result.kind === 'refused' && (result.status === 409 || result.status === 404)) return { kind: 'conflict' };
      const verb = version === undefined ? 'create' : 'patch';
      return { kind: 'failed', message: faultText(verb, `${namespace}/${name}`, result) } satisfies LeaseWrite;
    },
    async remove(name, signal) {
      await client.call({ method: 'DELETE', path: `${path}/${name}`, unlimited: true }, signal);
    },
  };
}

function create(path: string, name: string, record: LeaseRecord): ApiRequest {
  const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec: record };
  return { method: 'POST', path, body, unlimited: true };
}

/** A merge patch, so that what others put on the Lease, such as labels, stays. */
function update(path: string, lease: { name: string; record: LeaseRecord; version: string }): ApiRequest {
  return {
    method: 'PATCH',
    path: `${path}/${lease.name}`,
    contentType: 'application/merge-patch+json',
    body: { metadata: { resourceVersion: lease.version }, spec: lease.record },
    unlimited: true,
  };
}

function found(body: unknown): LeaseRead {
  const spec = isObject(body) && isObject(body.spec) ? body.spec : {};
  return {
    kind: 'found',
    version: textOf(metadataOf(body).resourceVersion),
    record: {
      holderIdentity: textOf(spec.holderIdentity),
      leaseDurationSeconds: numberOf(spec.leaseDurationSeconds),
      acquireTime: textOf(spec.acquireTime),
      renewTime: textOf(spec.renewTime),
      leaseTransitions: numberOf(spec.leaseTransitions),
    },
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function faultText(verb: string, name: string, fault: ApiFault): string {
  const why =
    fault.kind === 'failed'
      ? `the API server cannot be reached: ${fault.message}`
      : `the API server answered ${fault.status} ${fault.message}`;
  return `cannot ${verb} lease ${name}: ${why}`;
}
