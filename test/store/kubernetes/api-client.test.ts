import { expect, test } from 'vitest';
import { json, refuse, startScriptedApi } from './scripted-api.ts';

const get = { method: 'GET', path: '/api/v1/things' } as const;

test('a call carries credentials, path, query and body, and gives what came back', async () => {
  const { client, requests } = await startScriptedApi((_, response) => json(response, { fine: true }));
  const body = { spec: 1 };
  const result = await client.call({ method: 'POST', path: '/api/v1/things', query: { dryRun: 'All' }, body });
  expect(result).toEqual({ kind: 'ok', body: { fine: true } });
  expect(requests[0]).toMatchObject({
    method: 'POST',
    path: '/base/api/v1/things',
    query: { dryRun: 'All' },
    body: JSON.stringify(body),
    headers: { authorization: 'Bearer hush', 'content-type': 'application/json', 'user-agent': 'relaykeeper' },
  });
});

test('429 is asked again after the time that the server names, a refusal without one is not', async () => {
  const { client, requests } = await startScriptedApi((request, response) => {
    if (request.path.endsWith('/refused')) return refuse(response, 503, 'no');
    if (requests.length > 1) return json(response, {});
    response.setHeader('retry-after', '1');
    refuse(response, 429, 'too many requests');
  });
  expect((await client.call(get)).kind).toBe('ok');
  expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeGreaterThan(950);
  await client.call({ ...get, path: '/refused' });
  expect(requests).toHaveLength(3);
});

test('a server that never stops saying 429 gets its answer believed', async () => {
  const { client, requests } = await startScriptedApi((_, response) => {
    response.setHeader('retry-after', '1');
    refuse(response, 429, 'too many requests');
  }, 2_500);
  expect(await client.call(get)).toMatchObject({ kind: 'refused', status: 429, message: 'too many requests' });
  expect(requests.length).toBeLessThan(5);
});

test('an endless error is cut, its control characters gone', async () => {
  const { client } = await startScriptedApi((_, response) => {
    response.writeHead(502);
    response.write(`<p>\u001b[31m${'x'.repeat(200_000)}`);
  });
  const result = await client.call(get);
  expect(result).toMatchObject({
    kind: 'refused',
    status: 502,
    message: expect.stringMatching(/^HTTP 502 <p> \[31mx+$/),
  });
  expect(result.kind === 'refused' && result.message.length).toBe(1_024);
});

test('an answer that stops in its middle fails at the deadline', async () => {
  const { client } = await startScriptedApi((_, response) => void response.writeHead(200).write('{"half":'), 700);
  expect(await client.call(get)).toEqual({ kind: 'failed', message: 'no answer within the time a call may take' });
});

test('an answer that is no JSON fails', async () => {
  const { client } = await startScriptedApi((_, response) => void response.writeHead(200).end('<html>'));
  expect(await client.call(get)).toMatchObject({ kind: 'failed', message: expect.stringContaining('JSON') });
});

test('a caller that stops gets its call back at once', async () => {
  const stop = new AbortController();
  const { client } = await startScriptedApi(() => stop.abort());
  expect(await client.call(get, stop.signal)).toEqual({ kind: 'failed', message: 'stopped' });
});

test('a kept connection that the server closed under our hands costs nothing but a POST', async () => {
  let seen = 0;
  const { client, requests } = await startScriptedApi((_, response) => {
    seen += 1;
    if (seen % 2 === 0) response.socket?.resetAndDestroy();
    else json(response, {});
  });
  await client.call(get);
  expect((await client.call(get)).kind).toBe('ok');
  expect(requests).toHaveLength(3);
  expect((await client.call({ ...get, method: 'POST', body: {} })).kind).toBe('failed');
  expect(requests).toHaveLength(4);
});

test('the time that a call waits for its turn is not the time in which the server has to answer', async () => {
  const { client } = await startScriptedApi((_, response) => json(response, {}), 600, 4);
  const results = await Promise.all(Array.from({ length: 10 }, () => client.call(get)));
  expect(results.map(({ kind }) => kind)).toEqual(results.map(() => 'ok'));
});
