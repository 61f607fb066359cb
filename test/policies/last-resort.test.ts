// What is told of the last resort when things go wrong around it, at a driven clock; the POST is real.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type AlarmTerm, loadTerm } from '../../src/policies/alarms/alarm-term.ts';
import type { AlarmTools } from '../../src/policies/alarms/alarm-tools.ts';
import { createLastResort } from '../../src/policies/alarms/last-resort.ts';
import { eventually } from '../store/eventually.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const minute = 60_000;
const id = 'mail/guests';

test('what failed is tried again after its time, though the clock on the wall was set back a day', async () => {
  const world = await opened({ answer: 500 });
  await world.resort.look(world.term);
  await eventually('a try', () => world.posted.length === 1 && world.logged.length === 1);
  world.answer = 204;
  world.wall -= 24 * 60 * minute;
  world.waitsSince = world.wall - 2 * minute;
  world.passed += 6_000;
  await world.resort.look(world.term);
  await eventually('it is told', () => world.term.lastResort.has(id));
  expect(world.posted).toEqual(['firing', 'firing']);
});

test.each([
  ['the policy is gone', 'gone'],
  ['it has no last resort any more', { relayRef: { name: 'corporate' } }],
])('an outage that was told is forgotten where %s', async (_, spec) => {
  const world = await opened({ answer: 204 });
  world.term.lastResort.set(id, '{"since":5}');
  world.spec = spec;
  expect(await world.resort.look(world.term)).toBe(Number.POSITIVE_INFINITY);
  expect(world.term.lastResort.size).toBe(0);
  expect([...world.term.unwritten]).toEqual([['last-resort/mail/guests', undefined]]);
  expect(world.term.tidyAt).toBe(world.passed);
});

test('an outage that was told stays where the policy cannot be read', async () => {
  const world = await opened({ answer: 204 });
  world.term.lastResort.set(id, '{"since":5}');
  world.spec = 'unreadable';
  await world.resort.look(world.term);
  expect([...world.term.lastResort.keys()]).toEqual([id]);
});

test('its end is told though the policy has no alarm rule any more', async () => {
  const world = await opened({ answer: 204 });
  world.term.rules.clear();
  world.term.lastResort.set(id, '{"since":5}');
  world.waitsSince = undefined;
  world.down = false;
  await world.resort.look(world.term);
  await eventually('it is forgotten', () => !world.term.lastResort.has(id));
  expect(world.posted).toEqual(['resolved']);
});

test('a bug is told in the log, and ends nothing', async () => {
  const world = await opened({ answer: 204 });
  world.bug = true;
  await world.resort.look(world.term);
  await eventually('it is told', () => world.logged.length === 1);
  expect(world.logged).toEqual(['a bug stopped the telling of the last resort']);
  world.bug = false;
  world.passed += 6_000;
  await world.resort.look(world.term);
  await eventually('the next', () => world.term.lastResort.has(id));
});

interface World {
  readonly resort: ReturnType<typeof createLastResort>;
  readonly term: AlarmTerm;
  readonly posted: string[];
  readonly logged: string[];
  answer: number;
  wall: number;
  passed: number;
  waitsSince: number | undefined;
  spec: unknown;
  down: boolean;
  bug: boolean;
}

async function opened({ answer }: { readonly answer: number }): Promise<World> {
  const journal = { load: async () => new Map(), write: async () => ({ kind: 'written' }) as const };
  const term = await loadTerm({ ...journal, size: { texts: 0, segments: 0, bytes: 0 } }, []);
  const policy = { namespace: 'mail', name: 'guests' };
  // Of a running rule only its policy is looked at here.
  term.rules.set(`${id}/all`, { policy } as never);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const spec = { relayRef: { name: 'corporate' }, lastResort: { webhookSecretRef: { name: 'pager', key: 'url' } } };
  const posted: string[] = [];
  const logged: string[] = [];
  const state = { answer, wall: noon, passed: 1_000, spec: spec as unknown, down: true, bug: false, posted, logged };
  const world = { ...state, waitsSince: noon - 2 * minute, term } as World;
  const url = await listener((body) => {
    posted.push(JSON.parse(body).status);
    return world.answer;
  });
  return Object.assign(world, { resort: createLastResort(toolsOf(world, url), stop.signal) });
}

function toolsOf(world: World, url: string): AlarmTools {
  const data = new Map([['url', Buffer.from(url)]]);
  const relay = { stored: {}, relay: { spec: {} } };
  const tools = {
    specs: () => world.spec,
    clock: { now: () => world.wall, monotonic: () => world.passed, sleep: async () => undefined },
    outbox: {
      waiting: () => new Map(world.waitsSince === undefined ? [] : [['Alarm/all', 1]]),
      list: async () => [
        {
          identity: { ruleKind: 'Alarm', policy: { namespace: 'mail', name: 'guests' } },
          state: 'Waiting',
          acceptedAt: world.waitsSince,
        },
      ],
    },
    relays: {
      async read() {
        if (world.bug) throw new Error('it is full of bugs');
        return { kind: 'found', object: { type: 'Opaque', data } };
      },
    },
    store: { getPolicy: () => undefined },
    book: { find: () => relay },
    isDown: () => world.down,
    alarms: {},
    settings: { deniedCidrs: [] },
    log: { info: () => undefined, warn: () => undefined, error: (_: object, text: string) => world.logged.push(text) },
    wake: () => undefined,
  };
  return tools as never;
}

async function listener(answer: (body: string) => number): Promise<string> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (some) => {
      body += some;
    });
    request.on('end', () => {
      response.statusCode = answer(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}
