// A binary heap: the first item by `before` comes out first.

export interface Heap<Item> {
  readonly size: number;
  peek(): Item | undefined;
  push(item: Item): void;
  /** Takes the first one out. */
  pop(): void;
  /** With these in place of what it held. */
  fill(from: Iterable<Item>): void;
}

export function createHeap<Item>(before: (a: Item, b: Item) => boolean): Heap<Item> {
  let items: Item[] = [];
  const at = (index: number): Item => items[index] as Item;

  const rise = (from: number) => {
    const item = at(from);
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(item, at(parent))) break;
      items[index] = at(parent);
      index = parent;
    }
    items[index] = item;
  };
  const sink = (from: number) => {
    const item = at(from);
    let index = from;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(at(child + 1), at(child))) child += 1;
      if (!before(at(child), item)) break;
      items[index] = at(child);
      index = child;
    }
    items[index] = item;
  };

  return {
    get size() {
      return items.length;
    },
    peek: () => items[0],
    push(item: Item) {
      items.push(item);
      rise(items.length - 1);
    },
    pop() {
      const last = items.pop();
      if (last === undefined || items.length === 0) return;
      items[0] = last;
      sink(0);
    },
    fill(from: Iterable<Item>) {
      items = [...from];
      for (let index = (items.length >> 1) - 1; index >= 0; index -= 1) sink(index);
    },
  };
}
