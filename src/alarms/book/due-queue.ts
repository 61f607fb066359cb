// Groups by when they are due: a binary heap. An entry whose group has moved on is dropped when it comes up.
import type { Group } from './group.ts';

export interface DueQueue {
  /** To be called whenever a group's `due` was set. */
  readonly put: (group: Group) => void;
  /** Takes out the first group that is due by now; it has to be put in again. */
  readonly take: (now: number) => Group | undefined;
  readonly nextAt: () => number | undefined;
}

interface Entry {
  readonly due: number;
  readonly group: Group;
}

export function createDueQueue(): DueQueue {
  const heap: Entry[] = [];
  return {
    put: (group) => {
      heap.push({ due: group.due, group });
      rise(heap);
    },
    take: (now) => {
      dropStale(heap);
      const first = heap[0];
      return first && first.due <= now ? pop(heap)?.group : undefined;
    },
    nextAt: () => {
      dropStale(heap);
      return heap[0]?.due;
    },
  };
}

function dropStale(heap: Entry[]): void {
  for (let first = heap[0]; first && isStale(first); first = heap[0]) pop(heap);
}

function isStale({ due, group }: Entry): boolean {
  return group.ended || group.due !== due;
}

/** Those due at the same time go in order of their ids, so that a reload changes nothing. */
function isBefore(one: Entry, other: Entry): boolean {
  return one.due === other.due ? one.group.id < other.group.id : one.due < other.due;
}

function rise(heap: Entry[]): void {
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!swapIfBefore(heap, at, parent)) return;
    at = parent;
  }
}

function pop(heap: Entry[]): Entry | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last && heap.length > 0) {
    heap[0] = last;
    sink(heap);
  }
  return first;
}

function sink(heap: Entry[]): void {
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    const [left, right] = [heap[child], heap[child + 1]];
    const least = left && right && isBefore(right, left) ? child + 1 : child;
    if (!swapIfBefore(heap, least, at)) return;
    at = least;
  }
}

function swapIfBefore(heap: Entry[], lower: number, upper: number): boolean {
  const [one, other] = [heap[lower], heap[upper]];
  if (!one || !other || !isBefore(one, other)) return false;
  heap[upper] = one;
  heap[lower] = other;
  return true;
}
