// What every inbox does, wherever it is kept.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Inbox } from '../../src/store/inbox.ts';
import type { StoreProblem } from '../../src/store/store.ts';
import { eventually } from './eventually.ts';

export interface InboxWorld {
  /** Of a process that starts; those opened before are as if killed, unless `together`. */
  open(): Promise<OpenedInbox>;
  /** Whether several processes use it at once. */
  readonly together: boolean;
  /** How often something was made so far. */
  creates(): number;
  /** What is there, in the store's own words. */
  names(): Promise<readonly string[]>;
  /** Makes one blob as a writer that died left it. */
  leave(name: string, bytes: Buffer): Promise<void>;
  /** Where the store can be told to: nothing works from now on, or works again. */
  readonly outage?: (on: boolean) => void;
}

export interface OpenedInbox {
  readonly inbox: Inbox;
  readonly problems: StoreProblem[];
}

export function inboxConformance(newWorld: () => Promise<InboxWorld>): void {
  test('gives what was put, the oldest first, until it is removed', async () => {
    const { open } = await newWorld();
    const { inbox } = await open();
    for (const text of ['one', 'two', 'three']) expect(await put(inbox, text)).toEqual({ kind: 'kept' });
    expect(await texts(inbox)).toEqual(['one', 'two', 'three']);
    expect(await texts(inbox, 2)).toEqual(['one', 'two']);
    const [first] = await inbox.read(1);
    await inbox.remove([first?.name ?? '']);
    expect(await texts(inbox)).toEqual(['two', 'three']);
    await inbox.remove((await inbox.read(10)).map(({ name }) => name));
    expect(await texts(inbox)).toEqual([]);
    expect(inbox.size).toEqual({ records: 0, bytes: 0 });
  });

  test('a removal of what is gone, or never was, is none', async () => {
    const { open } = await newWorld();
    const { inbox } = await open();
    await put(inbox, 'one');
    const names = (await inbox.read(1)).map(({ name }) => name);
    await inbox.remove(names);
    await inbox.remove([...names, 'never/0', '']);
    expect(await texts(inbox)).toEqual([]);
  });

  test('what comes together is written together, each request a record of its own', async () => {
    const world = await newWorld();
    const { inbox } = await world.open();
    const before = world.creates();
    const all = Array.from({ length: 200 }, (_, i) => `request ${i}`);
    const results = await Promise.all(all.map((text) => put(inbox, text)));
    expect(results.every(({ kind }) => kind === 'kept')).toBe(true);
    expect(world.creates() - before).toBeLessThan(5);
    expect(await texts(inbox)).toEqual(all);
    const records = await inbox.read(200);
    expect(new Set(records.map(({ name }) => name)).size).toBe(200);
    await inbox.remove(records.map(({ name }) => name));
    expect(await world.names()).toEqual([]);
  });

  test.each([0, 1, 300 * 1024, 8 * 1024 * 1024])('keeps a body of %i bytes as it is', async (length) => {
    const { open } = await newWorld();
    const { inbox } = await open();
    const body = randomBytes(length);
    expect(await inbox.put(body)).toEqual({ kind: 'kept' });
    const [record] = await inbox.read(1);
    expect(record?.body.equals(body)).toBe(true);
  });

  test('what was kept is there for the next process, also what it had read and not removed', async () => {
    const { open } = await newWorld();
    const { inbox } = await open();
    await put(inbox, 'one');
    await put(inbox, 'two');
    const [one] = await inbox.read(1);
    await inbox.remove([one?.name ?? '']);
    const { inbox: next } = await open();
    expect(await texts(next)).toEqual(['two']);
    expect(next.size.records).toBe(1);
  });

  test('of a large one whose writer died before the last part nothing is read, and its parts wait for the rest', async () => {
    const world = await newWorld();
    // By a clock that is hours behind, perhaps: the rest may come yet.
    const hoursAgo = String(Date.now() - 2 * 60 * 60_000).padStart(13, '0');
    await world.leave(`inbox-${hoursAgo}-0123abcd-1-1000-2of3`, Buffer.from('may come'));
    await world.leave('inbox-of-another-kind', Buffer.from('x'));
    const { inbox } = await world.open();
    await put(inbox, 'one');
    expect(await texts(inbox)).toEqual(['one']);
    const names = await world.names();
    expect(names.filter((name) => name.includes('2of3'))).toHaveLength(1);
  });

  test('a damaged one is told by name and left aside, while others go on', async () => {
    const world = await newWorld();
    const name = `inbox-${Date.now() - 1_000}-0123abcd-1-5-1of1`;
    await world.leave(name, Buffer.from('hello'));
    const { inbox, problems } = await world.open();
    await put(inbox, 'one');
    expect(await texts(inbox)).toEqual(['one']);
    expect(await texts(inbox)).toEqual(['one']);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(new RegExp(`^${name} in the inbox cannot be read and is left aside: .+ Remove it.$`)),
    ]);
  });

  test('tells of arrivals, and of what is there already', async () => {
    const { open } = await newWorld();
    const { inbox } = await open();
    let told = 0;
    inbox.onArrival(() => {
      told += 1;
    });
    expect(told).toBe(0);
    await put(inbox, 'one');
    expect(told).toBeGreaterThan(0);
    let later = 0;
    inbox.onArrival(() => {
      later += 1;
    });
    expect(later).toBe(1);
  });

  test('takes no more once it is closed, and nothing under way is lost by it', async () => {
    const { open } = await newWorld();
    const { inbox } = await open();
    const underWay = put(inbox, 'one');
    await inbox.close();
    expect(await underWay).toEqual({ kind: 'kept' });
    expect(await put(inbox, 'two')).toEqual({ kind: 'unavailable', message: 'The inbox is closed.' });
    expect(await texts((await open()).inbox)).toEqual(['one']);
  });

  test('what cannot be made durable is told as such, and all works once it can', async ({ skip }) => {
    const world = await newWorld();
    if (!world.outage) return skip('this store cannot be told to fail');
    const { inbox } = await world.open();
    await put(inbox, 'before');
    world.outage(true);
    const results = await Promise.all([put(inbox, 'lost'), inbox.put(randomBytes(2_000_000))]);
    expect(results.map(({ kind }) => kind)).toEqual(['unavailable', 'unavailable']);
    await expect(inbox.read(10)).rejects.toThrow('the disk is away');
    world.outage(false);
    expect(inbox.size.records).toBe(1);
    expect(await put(inbox, 'after')).toEqual({ kind: 'kept' });
    expect(await texts(inbox)).toEqual(['before', 'after']);
  });

  test('two write, one reads: nothing is lost, nothing is read twice once it is removed', async ({ skip }) => {
    const { open, together } = await newWorld();
    if (!together) return skip('one process alone uses it');
    const writers = [(await open()).inbox, (await open()).inbox];
    const { inbox: reader } = await open();
    let arrivals = 0;
    reader.onArrival(() => {
      arrivals += 1;
    });
    const all = Array.from({ length: 120 }, (_, i) => `request ${i}`);
    const writing = Promise.all(all.map((text, i) => put(writers[i % 2] ?? reader, text)));
    const read: string[] = [];
    await eventually('all were read', async () => {
      const records = await reader.read(25);
      read.push(...records.map(({ body }) => body.toString()));
      await reader.remove(records.map(({ name }) => name));
      return read.length >= all.length;
    });
    expect((await writing).every(({ kind }) => kind === 'kept')).toBe(true);
    expect(read.sort()).toEqual(all.sort());
    expect(arrivals).toBeGreaterThan(0);
    await eventually('writers see it empty', () => writers.every(({ size }) => size.records === 0));
  });
}

export function put(inbox: Inbox, text: string) {
  return inbox.put(Buffer.from(text));
}

export async function texts(inbox: Inbox, limit = 1_000): Promise<string[]> {
  return (await inbox.read(limit)).map(({ body }) => body.toString());
}
