// What a real API server does only under rare conditions: refusals, outages, answers that are lost.
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { reflectorTimings } from '../../../src/store/kubernetes/reflector.ts';
import { createSecretRecords } from '../../../src/store/kubernetes/secret-records.ts';
import { createSecretSegments } from '../../../src/store/kubernetes/secret-segments.ts';
import { type Script, startScriptedApi } from './scripted-api.ts';

async function setUp(script: Script) {
  const { client, requests } = await startScriptedApi(script);
  const records = createSecretRecords({
    client,
    namespace: 'mail',
    type: 'relaykeeper.dev/outbox',
    labels: { 'relaykeeper.dev/outbox': 'message' },
    clock: systemClock,
    random: Math.random,
    timings: reflectorTimings,
    problem: () => {},
  });
  return { records, segments: createSecretSegments(client, 'mail'), requests };
}

const record = { name: 'outbox-1', annotations: { a: 'b' }, body: Buffer.from('hello') };

test('what is told of a removal is read whole, so that the next request is understood', async () => {
  const { records, requests } = await setUp((_, response) => answer(response, 200, { kind: 'Status' }));
  await records.remove('outbox-1', '17');
  await records.remove('outbox-2');
  expect(requests.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['DELETE', '/base/api/v1/namespaces/mail/secrets/outbox-1', '{"preconditions":{"resourceVersion":"17"}}'],
    ['DELETE', '/base/api/v1/namespaces/mail/secrets/outbox-2', ''],
  ]);
});

test.each([
  [409, 'AlreadyExists', { kind: 'exists' }],
  [409, 'Conflict', { kind: 'unavailable', message: expect.stringContaining('409 said why') }],
  [
    403,
    'Forbidden',
    {
      kind: 'unavailable',
      message: expect.stringContaining('grant create, get, list, watch, patch and delete on secrets'),
    },
  ],
  [
    413,
    'RequestEntityTooLarge',
    { kind: 'unavailable', message: 'cannot create secret in namespace mail: the API server answered 413 said why' },
  ],
])('a create that is refused with %i %s is told as such', async (status, reason, expected) => {
  const { records } = await setUp((_, response) => answer(response, status, { reason, message: 'said why' }));
  expect(await records.create(record)).toEqual(expected);
});

test.each([
  [409, { kind: 'conflict' }],
  [404, { kind: 'gone' }],
  [500, { kind: 'unavailable', message: 'cannot patch secret mail/outbox-1: the API server answered 500 said why' }],
])('a change that is refused with %i is told as such', async (status, expected) => {
  const { records } = await setUp((_, response) => answer(response, status, { message: 'said why' }));
  expect(await records.change({ name: 'outbox-1', version: '1', annotations: { a: null } })).toEqual(expected);
});

test('an API server that hangs up is unavailable, in words', async () => {
  const { records, segments } = await setUp((_, response) => response.socket?.destroy());
  const unavailable = { kind: 'unavailable', message: expect.stringContaining('the API server cannot be reached: ') };
  expect(await records.create(record)).toEqual(unavailable);
  expect(await records.read('outbox-1')).toEqual(unavailable);
  expect(await records.remove('outbox-1')).toEqual(unavailable);
  expect(await segments.create('one', Buffer.from('x'))).toEqual(unavailable);
  await expect(segments.list()).rejects.toThrow('the API server cannot be reached');
  await expect(segments.read('one')).rejects.toThrow('the API server cannot be reached');
  await expect(segments.remove('one')).rejects.toThrow('the API server cannot be reached');
});

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
