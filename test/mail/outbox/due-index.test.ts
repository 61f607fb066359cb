import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDueIndex } from '../../../src/mail/outbox/due-index.ts';
import { waitingEntry } from './conformance.ts';

type Step =
  | { readonly kind: 'put'; readonly n: number; readonly at: number; readonly dead: boolean }
  | { readonly kind: 'remove'; readonly n: number }
  | { readonly kind: 'take'; readonly now: number; readonly limit: number; readonly held: boolean };

const small = fc.nat(40);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('put' as const), n: small, at: small, dead: fc.boolean() }) },
  fc.record({ kind: fc.constant('remove' as const), n: small }),
  fc.record({ kind: fc.constant('take' as const), now: small, limit: fc.nat(5), held: fc.boolean() }),
);

test('the index offers what a plain map of entries would', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 300 }), (steps) => {
      const index = createDueIndex<undefined>();
      const held = new Set<string>();
      const offered = new Map<string, number>();
      const parked = new Set<string>();
      for (const step of steps) {
        if (step.kind === 'put') {
          const entry = { ...waitingEntry(step.n), state: step.dead ? ('Dead' as const) : ('Waiting' as const) };
          index.put({ entry, at: step.at, extra: undefined });
          held.add(entry.id);
          parked.delete(entry.id);
          if (step.dead) offered.delete(entry.id);
          else offered.set(entry.id, step.at);
        } else if (step.kind === 'remove') {
          const { id } = waitingEntry(step.n);
          index.remove(id);
          held.delete(id);
          parked.delete(id);
          offered.delete(id);
        } else if (step.held) {
          if (step.limit > 0) {
            expect(index.take(step.now, step.limit, () => 'a relay')).toEqual([]);
            for (const [id, at] of offered) if (at <= step.now && offered.delete(id)) parked.add(id);
          }
        } else {
          const due = [...offered.values()].filter((at) => at <= step.now).sort((a, b) => a - b);
          const all = index.take(step.now, step.limit);
          // Those that waited longest come first.
          const waited = all.filter(({ entry }) => parked.delete(entry.id));
          expect(waited).toHaveLength(Math.min(step.limit, waited.length + parked.size));
          const taken = all.slice(waited.length);
          expect(taken.map(({ at }) => at)).toEqual(due.slice(0, step.limit - waited.length));
          for (const { entry, at } of taken) {
            expect(offered.get(entry.id)).toBe(at);
            offered.delete(entry.id);
          }
        }
        expect(index.size).toBe(held.size);
        const waiting = [...index.all()].filter(({ entry }) => entry.state !== 'Dead').length;
        expect(total(index.waiting(policy))).toBe(waiting);
        const next = [...offered.values(), ...(parked.size > 0 ? [waitingEntry(1).deliverBy + 1] : [])];
        expect(index.nextAt()).toBe(next.length === 0 ? undefined : Math.min(...next));
      }
    }),
  );
});

const { policy } = waitingEntry(1).identity;

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
