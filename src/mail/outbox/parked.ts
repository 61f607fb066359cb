// Messages that are due and wait for something together, such as a relay: they are not looked at one by one, however many
// they are, and cost nothing but memory. What they wait for has a name; those of one name become free together.
import { createHeap } from './heap.ts';
import type { OutboxEntry } from './outbox.ts';

/** Names what a message waits for that is not to be tried now. */
export type Hold = (entry: OutboxEntry) => string | undefined;

export interface Parked<Item> {
  add(name: string, item: Item): void;
  remove(item: Item): void;
  /** Up to `limit` that are held no more, or whose time is over. */
  take(options: { readonly now: number; readonly limit: number; readonly hold: Hold }): Item[];
  /** When the time of the first one is over. */
  nextAt(): number | undefined;
}

export function createParked<Item extends { readonly entry: OutboxEntry }>(): Parked<Item> {
  const groups = new Map<string, Set<Item>>();
  const nameOf = new Map<Item, string>();
  /** Removed ones stay in it until they come up. */
  const ends = createHeap<Item>((a, b) => a.entry.deliverBy < b.entry.deliverBy);

  const first = () => {
    for (;;) {
      const top = ends.peek();
      if (top === undefined || nameOf.has(top)) return top;
      ends.pop();
    }
  };
  const remove = (item: Item) => {
    const name = nameOf.get(item);
    if (name === undefined) return;
    nameOf.delete(item);
    const group = groups.get(name);
    group?.delete(item);
    if (group?.size === 0) groups.delete(name);
    if (ends.size > 64 && ends.size > 2 * nameOf.size) ends.fill(nameOf.keys());
  };
  const add = (name: string, item: Item) => {
    nameOf.set(item, name);
    const group = groups.get(name);
    if (group) group.add(item);
    else groups.set(name, new Set([item]));
    ends.push(item);
  };

  return {
    add,
    remove,
    take({ now, limit, hold }) {
      const taken: Item[] = [];
      for (let top = first(); top && top.entry.deliverBy < now && taken.length < limit; top = first()) {
        remove(top);
        taken.push(top);
      }
      for (const [name, group] of groups) {
        for (const item of group) {
          if (taken.length >= limit) return taken;
          const still = hold(item.entry);
          if (still === name) break;
          remove(item);
          if (still === undefined) taken.push(item);
          else add(still, item);
        }
      }
      return taken;
    },
    nextAt() {
      const top = first();
      return top && top.entry.deliverBy + 1;
    },
  };
}
