// How long what a Secret said is held: a new token is taken at once, one that was replaced goes on for seconds.
import { expect, test } from 'vitest';
import { createSecretTexts } from '../../src/policies/alarms/secret-texts.ts';
import type { ReadResult } from '../../src/store/store.ts';

const ref = { namespace: 'mail', name: 'token', key: 'token', fieldPath: 'spec' };

test('a storm reads once', async () => {
  const world = newWorld('one');
  for (let n = 0; n < 100; n += 1) expect(await world.tokens()).toEqual(['one']);
  world.pass(9_999);
  await world.tokens();
  expect(world.reads).toBe(1);
});

test('a new token is read at once where the held one does not fit, once a second at most', async () => {
  const world = newWorld('one');
  await world.tokens();
  world.secret = opaque('two');
  world.pass(1_000);
  for (let n = 0; n < 100; n += 1) expect(await world.tokens(true)).toEqual(['two', 'one']);
  expect(world.reads).toBe(2);
  world.pass(1_000);
  await world.tokens(true);
  expect(world.reads).toBe(3);
});

test('the token that was replaced goes on for ten seconds', async () => {
  const world = newWorld('one');
  await world.tokens();
  world.secret = opaque('two');
  world.pass(10_000);
  expect(await world.tokens()).toEqual(['two', 'one']);
  world.pass(9_999);
  expect(await world.tokens()).toEqual(['two', 'one']);
  world.pass(1);
  expect(await world.tokens()).toEqual(['two']);
});

test.each<[string, ReadResult]>([
  ['is gone', { kind: 'missing' }],
  ['cannot be read', { kind: 'unavailable', message: 'no API server answers' }],
])('that one %s is held for a second', async (_, failed) => {
  const world = newWorld('one');
  world.secret = failed;
  expect(await world.tokens()).toEqual([]);
  world.secret = opaque('one');
  world.pass(999);
  expect(await world.tokens()).toEqual([]);
  world.pass(1);
  expect(await world.tokens()).toEqual(['one']);
});

test('between its removal and the new one the token goes on for ten seconds', async () => {
  const world = newWorld('one');
  await world.tokens();
  world.secret = { kind: 'missing' };
  world.pass(10_000);
  expect(await world.tokens()).toEqual(['one']);
  world.pass(5_000);
  expect(await world.tokens()).toEqual(['one']);
  world.pass(5_000);
  expect(await world.tokens()).toEqual([]);
});

function newWorld(token: string) {
  let now = 0;
  const world = {
    secret: opaque(token),
    reads: 0,
    pass(milliseconds: number) {
      now += milliseconds;
    },
    async tokens(anew = false) {
      const { found, replaced } = await texts(ref, { anew });
      return [...(found.kind === 'text' ? [found.text] : []), ...(replaced === undefined ? [] : [replaced])];
    },
  };
  const store = {
    async read() {
      world.reads += 1;
      return world.secret;
    },
  };
  const texts = createSecretTexts(store, { monotonic: () => now });
  return world;
}

function opaque(token: string): ReadResult {
  const data = new Map([['token', Buffer.from(token)]]);
  return { kind: 'found', object: { type: 'Opaque', data } as never };
}
