// What an engine holds in memory of its messages: entries by id, and which of them may be tried when.
//
//   put ──► held, offered from `at` on ──take──► held, offered no more ──put──► …
//          ▲                                                           └─remove─► gone
//          └─ hold names nothing ── parked ◄── hold names something ── take
import { createHeap } from './heap.ts';
import type { OutboxEntry } from './outbox.ts';
import { createParked, type Hold } from './parked.ts';
import { createWaitingCounts, type WaitingCounts } from './waiting-counts.ts';

/** `Extra` is the engine's own. */
export interface Held<Extra> {
  readonly entry: OutboxEntry;
  /** When it may be tried: its `notBefore`, the end of a lease, or later where trying just failed. */
  readonly at: number;
  readonly extra: Extra;
}

export interface DueIndex<Extra> {
  readonly size: number;
  readonly dead: ReadonlyMap<string, Held<Extra>>;
  readonly waiting: WaitingCounts['of'];
  get(id: string): Held<Extra> | undefined;
  /** In place of what was held of this id. A dead one is held and never offered. */
  put(held: Held<Extra>): void;
  remove(id: string): void;
  /**
   * Up to `limit` that may be tried at `now`. Not offered again until they are put again. Those that `hold` names something
   * for are parked until it does not.
   */
  take(now: number, limit: number, hold?: Hold): Held<Extra>[];
  /** The earliest `at` of those on offer; of those that are parked, the end of their time. */
  nextAt(): number | undefined;
  all(): IterableIterator<Held<Extra>>;
}

export function createDueIndex<Extra>(): DueIndex<Extra> {
  const held = new Map<string, Held<Extra>>();
  const dead = new Map<string, Held<Extra>>();
  const waiting = createWaitingCounts();
  const heap = createHeap<Held<Extra>>((a, b) => a.at < b.at);
  /** Replaced, removed and taken ones stay in the heap until they come up. */
  const offered = new Set<Held<Extra>>();
  const parked = createParked<Held<Extra>>();

  const first = () => {
    for (;;) {
      const top = heap.peek();
      if (top === undefined || offered.has(top)) return top;
      heap.pop();
    }
  };
  const withdraw = (before: Held<Extra>) => {
    offered.delete(before);
    parked.remove(before);
    dead.delete(before.entry.id);
  };
  /** Retries far in the future may be replaced again and again. */
  const tidy = () => {
    if (heap.size > 64 && heap.size > 2 * offered.size) heap.fill(offered);
  };

  return {
    get size() {
      return held.size;
    },
    dead,
    waiting: waiting.of,
    get: (id) => held.get(id),
    put(one) {
      const before = held.get(one.entry.id);
      if (before) withdraw(before);
      held.set(one.entry.id, one);
      // Leasing and settling put the same entry again.
      if (before?.entry !== one.entry) {
        if (before) waiting.remove(before.entry);
        waiting.add(one.entry);
      }
      if (one.entry.state === 'Dead') {
        dead.set(one.entry.id, one);
        return;
      }
      offered.add(one);
      heap.push(one);
      tidy();
    },
    remove(id) {
      const before = held.get(id);
      if (!before) return;
      withdraw(before);
      waiting.remove(before.entry);
      held.delete(id);
      tidy();
    },
    take(now, limit, hold = nothing) {
      const taken = parked.take({ now, limit, hold });
      for (let top = first(); top && top.at <= now && taken.length < limit; top = first()) {
        heap.pop();
        offered.delete(top);
        const name = hold(top.entry);
        if (name === undefined) taken.push(top);
        else parked.add(name, top);
      }
      return taken;
    },
    nextAt: () => earliest(first()?.at, parked.nextAt()),
    all: () => held.values(),
  };
}

function nothing(): undefined {}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
