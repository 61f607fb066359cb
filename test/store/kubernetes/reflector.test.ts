import type { ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { keyText } from '../../../src/api/resource.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { customCollection, relayResource } from '../../../src/store/kubernetes/custom-resource.ts';
import { type ReflectorTimings, reflectorTimings, startReflector } from '../../../src/store/kubernetes/reflector.ts';
import { createRelayCache } from '../../../src/store/kubernetes/relay-cache.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { eventually } from './open-test-store.ts';
import { event, json, refuse, type Script, type ScriptedRequest, startScriptedApi } from './scripted-api.ts';

function relay(name: string, resourceVersion: number, extra: object = {}): object {
  const metadata = {
    namespace: 'mail',
    name,
    uid: `uid-${name}`,
    resourceVersion: String(resourceVersion),
    generation: 1,
  };
  return { metadata: { ...metadata, ...extra }, spec: { host: 'mail.example.com' } };
}

function list(response: ServerResponse, items: readonly object[], metadata: object = {}): void {
  json(response, { items, metadata: { resourceVersion: '100', ...metadata } });
}

const isWatch = (request: ScriptedRequest) => request.query.watch === 'true';

/** A reflector of SmtpRelays on a scripted API server. */
async function reflect(script: Script, timings: Partial<ReflectorTimings> = {}, deadlineMs = 10_000) {
  const api = await startScriptedApi(script, deadlineMs);
  const woken: string[] = [];
  const problems: StoreProblem[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const cache = createRelayCache((key) => woken.push(keyText(key)));
  const reflector = startReflector(
    {
      client: api.client,
      collection: customCollection(relayResource, undefined),
      sink: cache.sink(undefined),
      timings: { ...reflectorTimings, backoff: { baseMs: 20, maxMs: 80 }, ...timings },
      clock: systemClock,
      random: Math.random,
      problem: (problem) => problems.push(problem),
    },
    stop.signal,
  );
  return { ...api, reflector, cache, woken, problems, stop, names: () => cache.list().map(({ name }) => name) };
}

test('a list of 1,200 comes in pages, each asked for where the one before ended', async () => {
  const all = Array.from({ length: 1_200 }, (_, i) => relay(`r${i}`, i + 1));
  const run = await reflect(
    (request, response) => {
      if (isWatch(request)) return void response.writeHead(200).flushHeaders();
      const from = Number(request.query.continue ?? 0);
      const next = from + Number(request.query.limit);
      list(response, all.slice(from, next), next < all.length ? { continue: String(next) } : {});
    },
    { pageSize: 100 },
  );
  await run.reflector.synced;
  expect(run.cache.list()).toHaveLength(1_200);
  await eventually(() => expect(run.watches()).toHaveLength(1));
  expect(run.requests).toHaveLength(13);
  expect(run.requests[0]?.path).toBe('/base/apis/relaykeeper.dev/v1alpha1/smtprelays');
  expect(run.watches()[0]?.query).toMatchObject({ resourceVersion: '100', allowWatchBookmarks: 'true' });
});

test('pages whose snapshot is gone are read anew from the first, and what they had is not mistaken', async () => {
  let lists = 0;
  const run = await reflect((request, response) => {
    if (isWatch(request)) return void response.writeHead(200).flushHeaders();
    if (request.query.continue) return refuse(response, 410, 'The provided continue parameter is too old');
    lists += 1;
    if (lists === 1) list(response, [relay('a', 1), relay('b', 2)], { continue: 'next' });
    else list(response, [relay('b', 2), relay('c', 3)]);
  });
  await run.reflector.synced;
  expect(run.names()).toEqual(['b', 'c']);
  expect(run.problems.filter(({ message }) => message !== undefined)).toEqual([]);
});

test('a watch goes on from the last bookmark', async () => {
  const run = await reflect(
    (request, response) => {
      if (!isWatch(request)) return list(response, [relay('a', 1)]);
      response.writeHead(200).flushHeaders();
      if (request.query.resourceVersion !== '100') return;
      event(response, 'BOOKMARK', { metadata: { resourceVersion: '900' } });
      response.end();
    },
    { calmMs: 0 },
  );
  await eventually(() => expect(run.watches().map(({ query }) => query.resourceVersion)).toEqual(['100', '900']));
  expect(run.requests.filter((request) => !isWatch(request))).toHaveLength(1);
});

const expiries: [string, (response: ServerResponse) => void][] = [
  ['as the answer', (response) => refuse(response, 410, 'too old resource version')],
  [
    'as an event',
    (response) => {
      response.writeHead(200);
      event(response, 'ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' });
    },
  ],
];
test.each(expiries)('410 %s makes a new list: what is gone goes, only what changed wakes', async (_, expire) => {
  let lists = 0;
  const run = await reflect((request, response) => {
    if (isWatch(request))
      return request.query.resourceVersion === '100' ? expire(response) : void response.writeHead(200).flushHeaders();
    lists += 1;
    if (lists === 1) list(response, [relay('same', 1), relay('changed', 2), relay('gone', 3)]);
    else list(response, [relay('same', 1), relay('changed', 50)], { resourceVersion: '200' });
  });
  await eventually(() => expect(run.watches().at(-1)?.query.resourceVersion).toBe('200'));
  expect(run.names()).toEqual(['same', 'changed']);
  expect(run.woken).toEqual(['mail/same', 'mail/changed', 'mail/gone', 'mail/changed', 'mail/gone']);
  expect(run.problems.filter(({ message }) => message !== undefined)).toEqual([]);
});

const endings: [string, (response: ServerResponse) => void, RegExp | undefined][] = [
  ['401', (response) => refuse(response, 401, 'Unauthorized'), /credentials \(401 Unauthorized\)/],
  ['403', (response) => refuse(response, 403, 'User "x" cannot watch'), /RBAC does not allow it/],
  ['500', (response) => refuse(response, 500, 'etcdserver: leader changed'), /answered 500 etcdserver: leader changed/],
  [
    '503 in HTML',
    (response) => void response.writeHead(503).end('<h1>Bad\r\ngateway</h1>'),
    /503 HTTP 503 <h1>Bad gateway/,
  ],
  ['a reset', (response) => response.socket?.resetAndDestroy(), /cannot be reached/],
  ['a clean end', (response) => void response.writeHead(200).end(), undefined],
  [
    'half an event',
    (response) => {
      response.writeHead(200).write('{"type":"MODIF');
      response.end();
    },
    undefined,
  ],
  [
    'a line that is no event',
    (response) => {
      response.writeHead(200).write('surprise\n');
      response.end();
    },
    /an event cannot be taken/,
  ],
  [
    'an error event',
    (response) => {
      response.writeHead(200);
      event(response, 'ERROR', { kind: 'Status', code: 500, message: 'boom' });
    },
    /ended with an error: 500 boom/,
  ],
];
test.each(endings)('after %s, three times, the watch is opened again and sees what comes', async (_, end, problem) => {
  let watches = 0;
  const run = await reflect((request, response) => {
    if (!isWatch(request)) return list(response, [relay('a', 1)]);
    watches += 1;
    if (watches <= 3) return end(response);
    response.writeHead(200);
    event(response, 'MODIFIED', relay('a', 200));
  });
  await eventually(() => expect(run.cache.get({ namespace: 'mail', name: 'a' })?.metadata.resourceVersion).toBe('200'));
  if (problem) expect(run.problems.map(({ message }) => message ?? '').join('\n')).toMatch(problem);
  expect(run.problems.at(-1)?.message).toBeUndefined();
  expect(JSON.stringify(run.problems)).not.toContain('hush');
});

test('an empty list may be null', async () => {
  const run = await reflect((request, response) => {
    if (isWatch(request)) return void response.writeHead(200).flushHeaders();
    json(response, { items: null, metadata: { resourceVersion: '7' } });
  });
  await run.reflector.synced;
  await eventually(() => expect(run.watches()[0]?.query.resourceVersion).toBe('7'));
  expect(run.problems.filter(({ message }) => message !== undefined)).toEqual([]);
});

test('an answer that is no list is said', async () => {
  const run = await reflect((_, response) => json(response, { kind: 'Surprise' }));
  await eventually(() =>
    expect(run.problems[0]?.message).toMatch(/the API server answered 200 with something that is no list/),
  );
});

test('a list that is refused is tried again, with growing pauses, until it works', async () => {
  let lists = 0;
  const run = await reflect((request, response) => {
    if (isWatch(request)) return void response.writeHead(200).flushHeaders();
    lists += 1;
    if (lists <= 4) return refuse(response, 403, 'no');
    list(response, [relay('a', 1)]);
  });
  await run.reflector.synced;
  expect(run.names()).toEqual(['a']);
  const lists_ = run.requests.filter((request) => !isWatch(request));
  const pauses = lists_.slice(1).map(({ at }, i) => at - (lists_[i]?.at ?? 0));
  // Never shorter than the base; a timer may fire a millisecond early.
  expect(Math.min(...pauses)).toBeGreaterThan(18);
  expect(pauses.at(-1)).toBeGreaterThan(38);
});

test('a server that ends every watch at once is not stormed', async () => {
  const run = await reflect((request, response) => {
    if (!isWatch(request)) return list(response, [relay('a', 1)]);
    response.writeHead(200);
    event(response, 'MODIFIED', relay('a', 200));
    response.end();
  });
  await eventually(() => expect(run.watches().length).toBeGreaterThan(8));
  const at = run.watches().map((request) => request.at);
  const pauses = at.slice(1).map((time, i) => time - (at[i] ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThan(18);
  expect(run.requests.filter((request) => !isWatch(request))).toHaveLength(1);
});

test('a connection over which nothing comes is given up, and staleness tells meanwhile', async () => {
  const run = await reflect(
    (request, response) => {
      if (!isWatch(request)) return list(response, [relay('a', 1)]);
      response.writeHead(200).flushHeaders();
      if (request.query.resourceVersion === '100' && run.watches().length > 1)
        event(response, 'ADDED', relay('b', 101));
    },
    { silentMs: 300 },
  );
  await run.reflector.synced;
  await eventually(() => expect(run.reflector.staleness()).toBeGreaterThan(200));
  await eventually(() => expect(run.names()).toEqual(['a', 'b']));
});

test('a watch that is never answered is given up at the deadline of a call', async () => {
  const run = await reflect(
    (request, response) => {
      if (!isWatch(request)) return list(response, [relay('a', 1)]);
      if (run.watches().length > 1) response.writeHead(200).flushHeaders();
    },
    {},
    1_000,
  );
  await eventually(() => expect(run.problems).toHaveLength(2));
  expect(run.problems[0]?.message).toContain('no answer within the time a call may take');
  expect(run.problems[1]).toEqual({ subject: 'watch smtprelays in all namespaces', message: undefined });
});

test('stopping ends the watch and everything else', async () => {
  let closed = false;
  const run = await reflect((request, response) => {
    if (!isWatch(request)) return list(response, [relay('a', 1)]);
    response.on('close', () => {
      closed = true;
    });
    response.writeHead(200).flushHeaders();
  });
  await eventually(() => expect(run.watches()).toHaveLength(1));
  run.stop.abort();
  await eventually(() => expect(closed).toBe(true));
  expect(run.requests).toHaveLength(2);
});
