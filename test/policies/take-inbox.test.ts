// Which requests of the inbox are taken, whatever the one before left and however late its watch tells.
import { expect, test } from 'vitest';
import { encodeRequest } from '../../src/alarms/intake/inbox-request.ts';
import { loadTerm } from '../../src/policies/alarms/alarm-term.ts';
import type { AlarmTools } from '../../src/policies/alarms/alarm-tools.ts';
import { removeTaken, takeInbox } from '../../src/policies/alarms/take-inbox.ts';
import type { InboxRecord } from '../../src/store/inbox.ts';

const name = '1795549642000-9f3a20cc/0';
const body = encodeRequest({ version: 1, namespace: 'mail', policy: 'p', alarm: 'a', receivedAt: 0, alarms: [] });

test('what the one before has taken is not taken again where a watch tells of it late', async () => {
  const world = await newWorld({ [`applied/${name}`]: '' });
  expect(await world.round()).toBe(0);
  world.pass(60_000);
  expect(await world.round()).toBe(0);
  world.records = [{ name, body }];
  expect(await world.round()).toBe(0);
  expect(world.records).toEqual([]);
});

test('the name of what the one before has taken goes after minutes', async () => {
  const world = await newWorld({ [`applied/${name}`]: '' });
  await world.round();
  world.pass(10 * 60_000);
  await world.round();
  expect(world.term.applied).toEqual(new Set());
  expect(world.term.unwritten).toEqual(new Map([[`applied/${name}`, undefined]]));
});

test('what could not be taken stays in the inbox', async () => {
  const world = await newWorld({});
  world.records = [{ name, body }];
  world.fails = true;
  await expect(world.round()).rejects.toThrow('no specs now');
  world.fails = false;
  await removeTaken(world.term, world.tools);
  expect(world.records).toHaveLength(1);
  expect(await world.round()).toBe(1);
  expect(world.records).toEqual([]);
});

async function newWorld(saved: Readonly<Record<string, string>>) {
  let now = 1_795_549_700_000;
  const journal = {
    load: async () => new Map(Object.entries(saved)),
    write: async () => ({ kind: 'written' as const }),
    size: { texts: 0, segments: 0, bytes: 0 },
  };
  const term = await loadTerm(journal, []);
  const world = {
    term,
    tools: undefined as unknown as AlarmTools,
    records: [] as readonly InboxRecord[],
    fails: false,
    pass(milliseconds: number) {
      now += milliseconds;
    },
    async round() {
      const taken = await takeInbox(term, world.tools);
      await removeTaken(term, world.tools);
      return taken;
    },
  };
  // Of the tools only these are asked for.
  world.tools = {
    clock: { now: () => now, monotonic: () => now },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    store: { getPolicy: () => undefined },
    notTold: { add: () => undefined },
    specs() {
      if (world.fails) throw new Error('no specs now');
      return 'gone';
    },
    alarms: {
      inbox: {
        read: async () => world.records,
        async remove(names: readonly string[]) {
          world.records = world.records.filter((record) => !names.includes(record.name));
        },
      },
    },
  } as never;
  return world;
}
