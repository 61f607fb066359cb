// What people, policies and deliveries do to a message at the same time: whatever comes first, the disk agrees with the
// memory afterwards, so that a restart brings nothing back.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lease, Outbox } from '../../../src/mail/outbox/outbox.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import type { OpenOutbox } from './conformance.ts';
import { attempt, message, noon } from './messages.ts';
import { openTestSpool } from './open-test-spool.ts';

const clock = { ...systemClock, now: () => noon };
const everything = { now: noon, limit: 9, leaseFor: 60_000 };

const commands = {
  accept: ({ outbox }: World, n: number) => outbox.accept(message(n)),
  drop: ({ outbox }: World, n: number) => outbox.drop(message(n).id, 'PolicyDeleted'),
  retry: ({ outbox }: World, n: number) => outbox.retry(message(n).id),
  lease: async ({ outbox, leases }: World) => void leases.push(...(await outbox.lease(everything))),
  'put off': (world: World) => settleOldest(world, { kind: 'retry', notBefore: noon, attempt }),
  bury: (world: World) => settleOldest(world, { kind: 'dead', reason: 'ContentRejected', attempt }),
  'give up': (world: World) => settleOldest(world, { kind: 'dropped', reason: 'TooLate' }),
} as const;

interface World {
  readonly outbox: Outbox;
  readonly leases: Lease[];
}

async function settleOldest({ leases }: World, settlement: Parameters<Lease['settle']>[0]): Promise<void> {
  await leases.shift()?.settle(settlement);
}

test('whatever is done at once, a restart finds what was there before it', { timeout: 120_000 }, async () => {
  const names = Object.keys(commands) as (keyof typeof commands)[];
  const one = fc.record({ name: fc.constantFrom(...names), n: fc.nat(2), after: fc.nat(6) });
  const rounds = fc.array(fc.array(one, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rounds, async (all) => {
      const directory = temporaryDirectory();
      const opened = await openTestSpool({ directory, clock, maxDead: 2 + (all.length % 2), problem: () => undefined });
      const world: World = { outbox: opened.outbox, leases: [] };
      for (let n = 0; n < 3; n += 1) await commands.accept(world, n);
      await commands.lease(world);
      for (let n = 0; n < 3; n += 1) await commands.bury(world);
      for (const round of all) {
        await Promise.all(
          round.map(async ({ name, n, after }) => {
            for (let turn = 0; turn < after; turn += 1) await new Promise((resolve) => setImmediate(resolve));
            await commands[name](world, n);
          }),
        );
      }
      const before = await states(opened);
      await opened.outbox.close();
      const again = await openTestSpool({ directory, clock, problem: () => undefined });
      const after = await states(again);
      await again.outbox.close();
      expect(after).toEqual(before);
    }),
    { numRuns: 150 },
  );
});

/** Of a lease only the process that gave it knows. */
async function states({ outbox }: OpenOutbox): Promise<string[]> {
  const entries = await outbox.list();
  return entries.map(({ id, state }) => `${id} ${state === 'Dead' ? 'Dead' : 'Waiting'}`).sort();
}

test.each([0, 1, 2, 3, 4, 5])('a drop while a dead message is being revived lasts (%i turns later)', async (turns) => {
  const directory = temporaryDirectory();
  const { outbox } = await openTestSpool({ directory, clock });
  await outbox.accept(message(1));
  const [lease] = await outbox.lease(everything);
  await lease?.settle({ kind: 'dead', reason: 'ContentRejected', attempt });
  const reviving = outbox.retry(message(1).id);
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(await outbox.drop(message(1).id, 'PolicyDeleted')).toBe(true);
  await reviving;
  await outbox.close();
  const again = await openTestSpool({ directory, clock });
  expect(await again.outbox.list()).toEqual([]);
  await again.outbox.close();
});
