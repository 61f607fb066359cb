import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createParked } from '../../../src/mail/outbox/parked.ts';
import { waitingEntry } from './conformance.ts';

const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('add' as const), relay: fc.nat(3), deliverBy: fc.nat(40) }) },
  fc.record({ kind: fc.constant('remove' as const), n: fc.nat(60) }),
  fc.record({ kind: fc.constant('turn' as const), relay: fc.nat(3) }),
  fc.record({ kind: fc.constant('take' as const), now: fc.nat(50), limit: fc.nat(6) }),
);

interface Item {
  readonly entry: ReturnType<typeof waitingEntry>;
  readonly relay: number;
}

test('what waits comes out once its relay is there or its time is over, and nothing else does', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 200 }), (steps) => {
      const parked = createParked<Item>();
      const inside = new Set<Item>();
      const down = new Set([0, 1, 2, 3]);
      const relayOf = new Map<string, number>();
      const isDown = (relay: number | undefined) => relay !== undefined && down.has(relay);
      const hold = ({ id }: Item['entry']) => (isDown(relayOf.get(id)) ? `relay ${relayOf.get(id)}` : undefined);
      let count = 0;
      for (const step of steps) {
        if (step.kind === 'add') {
          const item = { entry: { ...waitingEntry(count), deliverBy: step.deliverBy }, relay: step.relay };
          count += 1;
          relayOf.set(item.entry.id, step.relay);
          parked.add(`relay ${step.relay}`, item);
          inside.add(item);
        } else if (step.kind === 'remove') {
          const item = [...inside][step.n];
          if (item) {
            parked.remove(item);
            inside.delete(item);
          }
        } else if (step.kind === 'turn') {
          if (!down.delete(step.relay)) down.add(step.relay);
        } else {
          const free = [...inside].filter(({ entry, relay }) => entry.deliverBy < step.now || !down.has(relay));
          const taken = parked.take({ now: step.now, limit: step.limit, hold });
          expect(taken).toHaveLength(Math.min(step.limit, free.length));
          expect(new Set(taken).size).toBe(taken.length);
          for (const item of taken) {
            expect(free).toContain(item);
            inside.delete(item);
          }
        }
        const ends = [...inside].map(({ entry }) => entry.deliverBy + 1);
        expect(parked.nextAt()).toBe(ends.length === 0 ? undefined : Math.min(...ends));
      }
    }),
  );
});

test('100,000 that wait for one relay are not looked at one by one', () => {
  const parked = createParked<Item>();
  for (let n = 0; n < 100_000; n += 1) parked.add('relay 0', { entry: waitingEntry(1), relay: 0 });
  let looks = 0;
  const hold = () => {
    looks += 1;
    return 'relay 0';
  };
  for (let round = 0; round < 10; round += 1) expect(parked.take({ now: 0, limit: 45, hold })).toEqual([]);
  expect(looks).toBe(10);
});
