import { expect, test } from 'vitest';
import type { Attempt } from '../../src/mail/outbox/outbox.ts';
import { createRelayNews } from '../../src/policies/relay-news.ts';
import { systemClock } from '../../src/store/clock.ts';
import { makeMessage } from '../mail/delivery/delivering.ts';
import { createMemoryOutbox } from '../mail/delivery/memory-outbox.ts';

const corporate = { namespace: 'mail', name: 'corporate' };
const at = Date.now();
const later = at + 3_600_000;

test.each<readonly [string, Partial<Attempt>, boolean, boolean]>([
  ['that could not reach it is tried at once', { reply: 'it cannot be connected to' }, true, true],
  ['that it refused for now waits for its time', { reply: '451 4.7.1 Greylisted' }, true, false],
  ['that it refused in one word waits for its time', { reply: '452' }, true, false],
  ['of another relay waits for its time', { relay: { ...corporate, name: 'backup' } }, true, false],
  ['is left to the replica that reminds', { reply: 'it cannot be connected to' }, false, false],
])('once a relay is ready again, a message %s', async (_, attempt, mayRemind, tried) => {
  const world = await waiting({ at, relay: corporate, reply: 'no connection', ...attempt }, mayRemind);
  world.news.isNew(corporate);
  world.ready('True');
  world.news.isNew(corporate);
  await new Promise((resolve) => setImmediate(resolve));
  expect((await world.outbox.list())[0]?.notBefore).toBe(tried ? 0 : later);
});

async function waiting(attempt: Attempt, mayRemind: boolean) {
  const outbox = createMemoryOutbox();
  await outbox.accept(makeMessage());
  const [lease] = await outbox.lease({ now: at, limit: 1, leaseFor: 1_000 });
  await lease?.settle({ kind: 'retry', notBefore: later, attempt });
  let ready = 'False';
  const stored = () => ({
    metadata: { uid: 'u', generation: 1 },
    status: { conditions: [{ type: 'Ready', status: ready }] },
  });
  const news = createRelayNews({
    relays: { get: stored } as never,
    outbox,
    clock: systemClock,
    log: { error: () => undefined } as never,
    mayRemind: () => mayRemind,
  });
  return {
    outbox,
    news,
    ready(status: string) {
      ready = status;
    },
  };
}
