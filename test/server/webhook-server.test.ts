import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { WebhookRule } from '../../src/policies/alarms/webhook-rules.ts';
import { startWebhookServer } from '../../src/server/webhook-server.ts';
import { eventually } from '../store/eventually.ts';
import { alarm, ask, connectRaw, head, startWorld, target, token } from './webhook-world.ts';

const mebibyte = 1024 * 1024;

describe('what a request gets', () => {
  test('202 once its alarms are durable, as they were sent', async () => {
    const world = await startWorld();
    const got = await ask(world);
    expect(got).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(world.kept).toMatchObject([
      {
        version: 1,
        namespace: 'mail',
        policy: 'guests',
        alarm: 'prometheus',
        receivedAt: 1_790_000_000_000,
        alarms: [alarm],
      },
    ]);
    expect(world.news).toMatchObject([{ kind: 'answered', status: 202, alarms: 1, from: '127.0.0.1' }]);
  });

  test('no answer before they are durable', async () => {
    const durable = Promise.withResolvers<void>();
    const world = await startWorld({ deps: { keep: () => durable.promise.then(() => ({ kind: 'kept' })) } });
    let answered = false;
    const got = ask(world).then((answer) => {
      answered = true;
      return answer;
    });
    await ask(world, { path: '/elsewhere' });
    expect(answered).toBe(false);
    durable.resolve();
    expect(await got).toMatchObject({ status: 202 });
  });

  test.each<readonly [string, Parameters<typeof ask>[1], number, unknown]>([
    [
      'gzip is taken',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(JSON.stringify(alarm)) },
      202,
      { accepted: 1 },
    ],
    ['no alarms are nothing to keep', { body: '{"alarms": []}' }, 202, { accepted: 0 }],
    ['a query is not looked at', { path: `${target}?a=b` }, 202, { accepted: 1 }],
    [
      'the scheme of the header is no matter of case',
      { headers: { authorization: `bearer ${token}` } },
      202,
      { accepted: 1 },
    ],
    [
      'a CloudEvent',
      {
        headers: { 'content-type': 'application/cloudevents+json' },
        body: '{"specversion": "1.0", "id": "1", "source": "s", "type": "t"}',
      },
      202,
      { accepted: 1 },
    ],
    [
      'what is no JSON',
      { body: '{' },
      400,
      { path: '$', error: '$ must be JSON; line 1, column 2: it ends too early' },
    ],
    [
      'a wrong version',
      { body: '{"version": "3", "alerts": []}' },
      400,
      { path: '$.version', error: '$.version must be "4", the version that Alertmanager sends' },
    ],
    [
      'what is no gzip',
      { headers: { 'content-encoding': 'gzip' } },
      400,
      { path: '$', error: '$ is not compressed with gzip, as Content-Encoding says' },
    ],
    [
      'half of a gzip',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync('{"labels": {}}').subarray(0, 15) },
      400,
      { path: '$', error: '$ is not compressed with gzip, as Content-Encoding says' },
    ],
    ['another content type', { headers: { 'content-type': 'text/plain' } }, 415, {}],
    ['a CloudEvent in binary mode', { headers: { 'ce-specversion': '1.0' } }, 415, {}],
    ['another compression', { headers: { 'content-encoding': 'br' } }, 415, {}],
    ['another method', { method: 'PUT' }, 405, {}],
    ['another path', { path: '/v1/alarms/mail/guests' }, 404, {}],
    ['a path with more', { path: `${target}/more` }, 404, {}],
    ['a path that climbs', { path: '/v1/alarms/mail/../guests' }, 404, {}],
    ['a body that is larger than 8 MiB', { body: Buffer.alloc(8 * mebibyte + 1, ' ') }, 413, {}],
    [
      'a body that inflates to more than 8 MiB',
      { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(100 * mebibyte)) },
      413,
      {},
    ],
  ])('%s', async (_, asked, status, body) => {
    const world = await startWorld();
    const got = await ask(world, asked);
    expect(got).toMatchObject({ status, body });
    expect(world.kept).toHaveLength(status === 202 && got.body.accepted !== 0 ? 1 : 0);
    // The next one is answered whatever became of this one.
    expect(await ask(world)).toMatchObject({ status: 202 });
  });

  test('8 MiB are taken, in chunks too', async () => {
    const world = await startWorld();
    const body = Buffer.alloc(8 * mebibyte, ' ');
    body.write(JSON.stringify(alarm));
    expect(await ask(world, { body, headers: { 'transfer-encoding': 'chunked' } })).toMatchObject({ status: 202 });
  });

  test.each<readonly [string, Awaited<ReturnType<Parameters<typeof startWebhookServer>[1]['keep']>>, string]>([
    ['the backlog is full', { kind: 'full', message: 'The inbox holds 10000 requests.' }, '30'],
    ['nothing can be made durable', { kind: 'unavailable', message: 'The disk is full.' }, '5'],
  ])('503 where %s', async (_, put, after) => {
    const world = await startWorld({ deps: { keep: async () => put } });
    const got = await ask(world);
    expect(got).toMatchObject({
      status: 503,
      headers: { 'retry-after': after },
      body: { error: 'message' in put && put.message },
    });
  });

  test('503 where it cannot be known whether the rule exists', async () => {
    const world = await startWorld({ deps: { rule: async () => ({ kind: 'unavailable', message: 'no API server' }) } });
    expect(await ask(world)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
  });

  test('500 for a fault of ours, which is told', async () => {
    const world = await startWorld({ deps: { keep: () => Promise.reject(new Error('a bug')) } });
    expect(await ask(world)).toMatchObject({ status: 500 });
    expect(world.news).toContainEqual({ kind: 'fault', message: 'A request could not be answered: Error: a bug' });
  });
});

describe('who has no token', () => {
  test.each<readonly [string, Parameters<typeof ask>[1], WebhookRule | undefined]>([
    ['no header', { headers: { authorization: '' } }, undefined],
    ['a wrong token', { headers: { authorization: 'Bearer wrong' } }, undefined],
    ['an empty one, though there is an empty one', { headers: { authorization: 'Bearer ' } }, undefined],
    ['the token as a password', { headers: { authorization: `Basic ${token}` } }, undefined],
    ['more than the token', { headers: { authorization: `Bearer ${token}x` } }, undefined],
    ['the token for another rule', { path: '/v1/alarms/mail/guests/other' }, undefined],
    ['the token of a policy that is not there', { path: '/v1/alarms/mail/none/prometheus' }, undefined],
    ['a token whose Secret is gone', {}, { kind: 'tokenMissing', message: 'Secret "alarms-token" does not exist' }],
    ['a body that cannot be read', { headers: { authorization: 'Bearer wrong' }, body: '{' }, undefined],
    ['a wrong content type', { headers: { authorization: 'Bearer wrong', 'content-type': 'text/plain' } }, undefined],
  ])('gets the same answer with %s', async (_, asked, rule) => {
    const world = await startWorld(rule && { deps: { rule: async () => rule } });
    const { status, headers, body } = await ask(world, asked);
    expect({ status, authenticate: headers['www-authenticate'], body }).toEqual({
      status: 401,
      authenticate: 'Bearer',
      body: {
        error: 'This needs the header Authorization: Bearer, with the token of an alarm rule that has a webhook.',
      },
    });
    expect(world.kept).toEqual([]);
  });

  test('a Secret that is gone is told', async () => {
    const message = 'Secret "alarms-token" does not exist';
    const world = await startWorld({ deps: { rule: async () => ({ kind: 'tokenMissing', message }) } });
    await ask(world);
    expect(world.news).toContainEqual({
      kind: 'tokenMissing',
      path: { namespace: 'mail', policy: 'guests', alarm: 'prometheus' },
      message,
    });
  });

  test('nothing that was sent is told', async () => {
    const world = await startWorld();
    await ask(world, { headers: { authorization: 'Bearer canary-token' } });
    await ask(world, { body: '{"labels": {"canary-name": 1}}' });
    await ask(world, { body: '{"labels": {"a": "canary-value"}}' });
    await ask(world, { body: 'canary-text' });
    expect(world.news).toHaveLength(4);
    expect(JSON.stringify(world.news)).not.toContain('canary');
    expect(JSON.stringify(world.news)).not.toContain(token);
  });

  test('whose rule it is, is told of requests with its token only', async () => {
    const world = await startWorld();
    await ask(world, { headers: { authorization: 'Bearer wrong' } });
    await ask(world, { body: '{' });
    await ask(world, { headers: { 'content-type': 'text/plain' } });
    const path = { namespace: 'mail', policy: 'guests', alarm: 'prometheus' };
    expect(world.news.map((told) => told.kind === 'answered' && [told.status, told.path])).toEqual([
      [401, undefined],
      [400, path],
      [415, path],
    ]);
  });

  test('is answered before the body is sent', async () => {
    const world = await startWorld();
    const client = await connectRaw(world);
    client.socket.write(head({ authorization: 'Bearer wrong', 'content-length': '8000000', expect: '100-continue' }));
    await eventually(
      'an answer',
      () => client.received().includes('must') || client.received().includes('needs the header'),
    );
    expect(client.received()).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('clients that are no good', () => {
  const quick = { headersTimeout: 300, bodyTimeout: 300, lingerTimeout: 100, idleTimeout: 300 };

  test('one that waits for it is told to send its body', async () => {
    const world = await startWorld();
    const client = await connectRaw(world);
    const body = JSON.stringify(alarm);
    client.socket.write(head({ 'content-length': String(body.length), expect: '100-continue' }));
    await eventually('100', () => client.received().startsWith('HTTP/1.1 100 Continue\r\n\r\n'));
    client.socket.write(body);
    await eventually('202', () => client.received().includes('HTTP/1.1 202 Accepted'));
  });

  test('a body that never ends is answered once it is larger than 8 MiB', async () => {
    const world = await startWorld({ limits: { bodyBytes: mebibyte } });
    const client = await connectRaw(world);
    client.socket.write(head({ 'transfer-encoding': 'chunked' }));
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const sending = setInterval(() => client.socket.write(chunk), 1);
    const all = await client.closed;
    clearInterval(sending);
    expect(all).toMatch(/^HTTP\/1\.1 413 /);
    expect(await ask(world)).toMatchObject({ status: 202 });
  });

  test.each<readonly [string, string, RegExp]>([
    ['says nothing', '', /^(HTTP\/1\.1 408 |$)/],
    ['sends half of a header', 'POST /v1/alarms/mail/guests/prometheus HTTP/1.1\r\nHost: l', /^HTTP\/1\.1 408 /],
    ['sends half of a body', `${head({ 'content-length': '100' })}{"labels":`, /^HTTP\/1\.1 503 /],
    ['sends half of a chunk', `${head({ 'transfer-encoding': 'chunked' })}10\r\n{"la`, /^HTTP\/1\.1 503 /],
    [
      'sends half of a gzip',
      `${head({ 'content-length': '100', 'content-encoding': 'gzip' })}\x1f`,
      /^HTTP\/1\.1 503 /,
    ],
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', /^HTTP\/1\.1 400 /],
    ['sends endless headers', `POST / HTTP/1.1\r\n${'a: b\r\n'.repeat(10_000)}`, /^HTTP\/1\.1 431 /],
  ])('one that %s is let go', async (_, sent, answer) => {
    const world = await startWorld({ limits: quick });
    const client = await connectRaw(world);
    client.socket.write(sent, 'latin1');
    expect(await client.closed).toMatch(answer);
    expect(world.kept).toEqual([]);
    expect(await ask(world)).toMatchObject({ status: 202 });
  });

  test('one that breaks off leaves nothing behind', async () => {
    const world = await startWorld({ limits: { allBodyBytes: 1000 } });
    for (let again = 0; again < 20; again += 1) {
      const client = await connectRaw(world);
      client.socket.write(`${head({ 'content-length': '999' })}${'x'.repeat(200)}`);
      await new Promise<void>((resolve) => client.socket.end(() => resolve()));
      client.socket.destroy();
    }
    await eventually(
      'room for a body',
      async () => (await ask(world, { body: JSON.stringify(alarm).padEnd(900) })).status === 202,
    );
    expect(world.kept).toHaveLength(1);
  });

  test('bodies past the memory for all of them are to come again', async () => {
    const durable = Promise.withResolvers<void>();
    const world = await startWorld({
      limits: { allBodyBytes: 3000 },
      deps: { keep: () => durable.promise.then(() => ({ kind: 'kept' })) },
    });
    const body = JSON.stringify(alarm).padEnd(1000);
    const got = Promise.all(Array.from({ length: 5 }, () => ask(world, { body })));
    await eventually(
      'two are refused',
      () => world.news.filter((told) => told.kind === 'answered' && told.status === 503).length === 2,
    );
    durable.resolve();
    expect((await got).map(({ status }) => status).sort()).toEqual([202, 202, 202, 503, 503]);
    expect(await ask(world, { body })).toMatchObject({ status: 202 });
  });

  test('a thousand slow ones keep nobody out for longer than their time', { timeout: 60_000 }, async () => {
    const world = await startWorld({ limits: { headersTimeout: 3_000, bodyTimeout: 3_000 } });
    const slow = await Promise.all(Array.from({ length: 1000 }, () => connectRaw(world)));
    for (const { socket } of slow) socket.write(`${head({ 'content-length': '1000' })}{"labels"`);
    // The next one is over the limit, and let go at once.
    await expect(ask(world)).rejects.toThrow();
    await eventually(
      'room for one more',
      () =>
        ask(world).then(
          ({ status }) => status === 202,
          () => false,
        ),
      { within: 40_000 },
    );
    expect((await Promise.all(slow.map(({ closed }) => closed))).every((all) => all.startsWith('HTTP/1.1 503'))).toBe(
      true,
    );
  });
});

describe('the end', () => {
  test('a request under way is answered before the server is closed', async () => {
    const durable = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    const world = await startWorld({
      deps: {
        keep: () => {
          asked.resolve();
          return durable.promise.then(() => ({ kind: 'kept' }));
        },
      },
    });
    const got = ask(world, { headers: { connection: 'keep-alive' } });
    await asked.promise;
    let closed = false;
    const closing = world.server.close().then(() => {
      closed = true;
    });
    await expect(ask(world)).rejects.toThrow('ECONNREFUSED');
    expect(closed).toBe(false);
    durable.resolve();
    expect(await got).toMatchObject({ status: 202, headers: { connection: 'close' } });
    await closing;
  });

  test('one that takes too long is let go', async () => {
    const world = await startWorld({ limits: { closeTimeout: 100 } });
    const client = await connectRaw(world);
    client.socket.write(`${head({ 'content-length': '100' })}{`);
    await eventually('its request', async () => (await ask(world)).status === 202);
    await world.server.close();
    await client.closed;
  });
});

describe('the start', () => {
  test('an address that another program has is told', async () => {
    const { server } = await startWorld();
    const { address, port } = server;
    const started = await startWebhookServer(
      { address, port, tls: undefined },
      { rule: async () => ({ kind: 'unknown' }), keep: async () => ({ kind: 'kept' }), now: () => 0, tell: () => {} },
    );
    expect(started).toEqual({
      kind: 'failed',
      message: `The webhook cannot listen at ${address}:${port}: another program does.`,
    });
  });
});

test('a token that is not known yet is looked up anew before anybody is turned away', async () => {
  const asked: boolean[] = [];
  const world = await startWorld({
    deps: {
      rule: async (_, { anew } = { anew: false }) => {
        asked.push(anew);
        return { kind: 'rule', tokens: [anew ? token : 'the one before'] };
      },
    },
  });
  expect(await ask(world)).toMatchObject({ status: 202 });
  expect(asked).toEqual([false, true]);
  expect(await ask(world, { headers: { authorization: 'Bearer wrong' } })).toMatchObject({ status: 401 });
});
