// What a real API server does only under rare conditions: a version that is too old, pages, kinds that come later.
import { expect, onTestFinished, test } from 'vitest';
import type { ClusterEvent } from '../../../src/store/alarm-store.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { createKubernetesAlarmStore } from '../../../src/store/kubernetes/kubernetes-alarm-store.ts';
import { reflectorTimings } from '../../../src/store/kubernetes/reflector.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { eventually } from '../eventually.ts';
import { event, json, refuse, type Script, startScriptedApi } from './scripted-api.ts';

const timings = { ...reflectorTimings, pageSize: 2, backoff: { baseMs: 5, maxMs: 20 } };

async function open(script: Script, namespaces: readonly string[] = []) {
  const api = await startScriptedApi(script);
  const store = createKubernetesAlarmStore({
    ...{ client: api.client, namespaces, clock: systemClock, random: Math.random, timings },
  });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const problems: StoreProblem[] = [];
  const problem = (told: StoreProblem) => void problems.push(told);
  return { ...api, store, stop, problems, problem };
}

function listed(name: string, fields: object = {}) {
  return { metadata: { uid: name, namespace: 'shop', name, resourceVersion: '1' }, ...fields };
}

test('Events come page by page, and after 410 all are told again', async () => {
  let lists = 0;
  const { store, stop, problem, problems, requests } = await open(({ query }, response) => {
    if (query.watch === 'true') {
      response.writeHead(200);
      event(response, 'ADDED', listed(`new-${lists}`));
      event(response, 'DELETED', listed('a'));
      if (lists === 1)
        response.end(`${JSON.stringify({ type: 'ERROR', object: { code: 410, message: 'too old' } })}\n`);
    } else if (query.continue) {
      json(response, { metadata: { resourceVersion: '5' }, items: [listed('c')] });
    } else {
      lists += 1;
      json(response, { metadata: { resourceVersion: '5', continue: 'more' }, items: [listed('a'), listed('b')] });
    }
  });
  const seen: ClusterEvent[] = [];
  store.followEvents({ namespaces: undefined, seen: (each) => seen.push(each), problem }, stop.signal);
  const expected = ['a', 'b', 'c', 'new-1', 'a', 'b', 'c', 'new-2'];
  await eventually('all are told again', () => seen.length >= expected.length);
  expect(seen.map(({ name }) => name)).toEqual(expected);
  expect(requests[0]).toMatchObject({ path: '/base/apis/events.k8s.io/v1/events', query: { limit: '2' } });
  expect(problems.filter(({ message }) => message !== undefined)).toEqual([]);
});

test('each namespace that is asked for is watched, as far as the operator may look', async () => {
  const { store, stop, problem, problems, requests } = await open(
    (_, response) => json(response, { metadata: { resourceVersion: '5' }, items: [] }),
    ['shop', 'mail'],
  );
  store.followEvents({ namespaces: ['shop', 'bank'], seen: () => {}, problem }, stop.signal);
  await eventually('it is asked for', () => requests.length > 0);
  expect(requests.every(({ path }) => path === '/base/apis/events.k8s.io/v1/namespaces/shop/events')).toBe(true);
  expect(problems[0]?.message).toBe('namespace bank is not among those that --namespace names');
});

test('who follows Events of one namespace shares one watch, and each is told all that are there', async () => {
  const { store, stop, problem, requests, watches } = await open(({ query }, response) => {
    if (query.watch !== 'true') return json(response, { metadata: { resourceVersion: '5' }, items: [listed('a')] });
    response.writeHead(200);
    response.flushHeaders();
  });
  const followers = Array.from({ length: 50 }, () => follower());
  const follow = ({ seen, own }: ReturnType<typeof follower>, namespaces = ['shop']) =>
    store.followEvents(
      { namespaces, seen: ({ name }) => seen.push(name), problem },
      AbortSignal.any([own.signal, stop.signal]),
    );
  for (const one of followers) follow(one);
  await eventually(
    'each has seen it',
    () => followers.every(({ seen }) => seen.length === 1) && watches().length === 1,
  );
  expect(requests).toHaveLength(2);

  const late = follower();
  follow(late);
  await eventually('a later one has, too', () => late.seen.length === 1 && watches().length === 2);
  expect(requests).toHaveLength(4);

  followers[0]?.own.abort();
  const other = follower();
  follow(other, ['mail']);
  await eventually('another namespace is another watch', () => other.seen.length === 1 && watches().length === 3);
  expect(followers[0]?.seen).toEqual(['a', 'a']);
  expect(requests.filter(({ path }) => path.includes('/mail/'))).toHaveLength(2);
});

test('a watch of Events ends with the last who follows it, and begins anew with the next', async () => {
  let closed = 0;
  const { store, problem, watches } = await open(({ query }, response) => {
    if (query.watch !== 'true') return json(response, { metadata: { resourceVersion: '5' }, items: [listed('a')] });
    response.writeHead(200);
    response.flushHeaders();
    response.once('close', () => {
      closed += 1;
    });
  });
  const [one, two, three] = [follower(), follower(), follower()];
  const follow = ({ seen, own }: ReturnType<typeof follower>) =>
    store.followEvents({ namespaces: undefined, seen: ({ name }) => seen.push(name), problem }, own.signal);
  follow(one);
  follow(two);
  await eventually('it is watched', () => watches().length === 1);
  one.own.abort();
  two.own.abort();
  await eventually('it is over', () => closed === 1);
  follow(three);
  await eventually('it is watched again', () => watches().length === 2);
  expect(three.seen).toEqual(['a']);
  three.own.abort();
  await eventually('it is over again', () => closed === 2);
});

test('what is wrong with a watch is told each who follows it, and is over for one that leaves', async () => {
  let refused = true;
  const { store } = await open(({ query }, response) => {
    if (refused) return refuse(response, 403, 'events is forbidden');
    if (query.watch !== 'true') return json(response, { metadata: { resourceVersion: '5' }, items: [] });
    response.writeHead(200);
    response.flushHeaders();
  });
  const [one, two] = [follower(), follower()];
  const follow = ({ own, problems }: ReturnType<typeof follower>) =>
    store.followEvents({ namespaces: undefined, seen: () => {}, problem: (told) => problems.push(told) }, own.signal);
  follow(one);
  await eventually('the first is told', () => one.problems.length === 1);
  follow(two);
  await eventually('the second is told', () => two.problems.length === 1);
  expect(two.problems).toEqual(one.problems);
  one.own.abort();
  expect(one.problems.at(-1)?.message).toBeUndefined();
  refused = false;
  await eventually('it is over', () => two.problems.length === 2);
  expect(two.problems.at(-1)?.message).toBeUndefined();
  two.own.abort();
});

function follower() {
  const own = new AbortController();
  onTestFinished(() => own.abort());
  return { own, seen: [] as string[], problems: [] as StoreProblem[] };
}

test('a kind that is not there yet is asked for until it is', async () => {
  let asked = 0;
  const { store, stop, problem, problems } = await open(({ path, query }, response) => {
    if (path === '/base/apis/example.com/v1') {
      asked += 1;
      if (asked < 3) return refuse(response, 404, 'not found');
      return json(response, { resources: [{ name: 'widgets', kind: 'Widget', namespaced: true }] });
    }
    if (query.watch !== 'true') return json(response, { metadata: { resourceVersion: '5' }, items: [listed('w')] });
    response.writeHead(200);
    event(response, 'MODIFIED', listed('w', { status: { conditions: [] } }));
    event(response, 'DELETED', listed('w'));
  });
  const told: string[] = [];
  store.followResources(
    {
      kind: { apiVersion: 'example.com/v1', kind: 'Widget' },
      namespaces: undefined,
      changed: ({ namespace, name, object }) => told.push(`${namespace}/${name} ${object.kind}`),
      gone: ({ name }) => told.push(`gone ${name}`),
      complete: () => told.push('complete'),
      problem,
    },
    stop.signal,
  );
  await eventually('it is followed', () => told.includes('gone w') && told.includes('complete'));
  expect(told.filter((each) => each !== 'complete')).toEqual(['shop/w Widget', 'shop/w Widget', 'gone w']);
  expect(problems.slice(0, 2)).toEqual([
    {
      subject: 'watch Widget of example.com/v1',
      message:
        'the API server does not know example.com/v1; install what brings the kind Widget, or correct apiVersion',
    },
    { subject: 'watch Widget of example.com/v1', message: undefined },
  ]);
});

test('a Secret is never followed', async () => {
  const { store, stop, problem, problems, requests } = await open((_, response) => refuse(response, 500, 'no'));
  const nobody = { changed: () => {}, gone: () => {}, complete: () => {} };
  const kind = { apiVersion: 'v1', kind: 'Secret' };
  store.followResources({ ...nobody, kind, namespaces: undefined, problem }, stop.signal);
  await eventually('it is told', () => problems.length > 0);
  expect(problems[0]?.message).toContain('Secrets are never listed as resources');
  stop.abort();
  await eventually('it is over', () => problems.at(-1)?.message === undefined);
  expect(requests).toEqual([]);
});
