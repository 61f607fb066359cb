import { expect, test } from 'vitest';
import type { ApiRequest } from '../../../src/store/kubernetes/api-client.ts';
import { requestKind } from '../../../src/store/kubernetes/seen-request.ts';

const relays = '/apis/relaykeeper.dev/v1alpha1/namespaces/mail/smtprelays';
const cases: [string, ApiRequest['method'], string, ApiRequest['query'], string][] = [
  ['a list in one namespace', 'GET', relays, undefined, 'list smtprelays'],
  ['a list in all namespaces', 'GET', '/api/v1/secrets', { limit: '500' }, 'list secrets'],
  ['a watch', 'GET', '/api/v1/secrets', { watch: 'true' }, 'watch secrets'],
  ['a read names no object', 'GET', '/api/v1/namespaces/mail/secrets/hidden', undefined, 'get secrets'],
  ['a namespace itself', 'GET', '/api/v1/namespaces/mail', undefined, 'get namespaces'],
  ['all namespaces', 'GET', '/api/v1/namespaces', undefined, 'list namespaces'],
  ['a write of a status', 'PATCH', `${relays}/corporate/status`, undefined, 'patch smtprelays/status'],
  ['a creation', 'POST', '/api/v1/namespaces/mail/secrets', undefined, 'create secrets'],
  ['a deletion', 'DELETE', '/api/v1/namespaces/mail/secrets/x', undefined, 'delete secrets'],
  ['what a group serves', 'GET', '/apis/apps/v1', undefined, 'get discovery'],
  ['the version', 'GET', '/version', undefined, 'get discovery'],
];

test.each(cases)('%s', (_, method, path, query, expected) => {
  const { verb, resource } = requestKind({ method, path, ...(query && { query }) });
  expect(`${verb} ${resource}`).toBe(expected);
});
