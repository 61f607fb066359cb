import { expect, test } from 'vitest';
import { systemTimer } from '../../src/relays/timer.ts';
import { createWorkQueue } from '../../src/relays/work-queue.ts';

/** Work that a test ends by hand. */
function manualWork() {
  const started: string[] = [];
  const open = new Map<string, { end: () => void; yieldSlot: () => void }>();
  const work = (key: string, yieldSlot: () => void) => {
    started.push(key);
    return new Promise<void>((end) => {
      open.set(key, { end, yieldSlot });
    });
  };
  const at = (key: string) => {
    const entry = open.get(key);
    if (!entry) throw new Error(`${key} is not under way`);
    return entry;
  };
  return { started, work, end: (key: string) => at(key).end(), yieldSlot: (key: string) => at(key).yieldSlot() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('no more run together than there are slots, in the order they came', async () => {
  const { started, work, end } = manualWork();
  const queue = createWorkQueue({ slots: 2, work, setTimer: systemTimer });
  for (const key of ['a', 'b', 'c', 'd']) queue.add(key);
  expect(started).toEqual(['a', 'b']);
  end('b');
  await turn();
  expect(started).toEqual(['a', 'b', 'c']);
});

test('a key is worked on once at a time, and once more for all that came meanwhile', async () => {
  const { started, work, end } = manualWork();
  const queue = createWorkQueue({ slots: 2, work, setTimer: systemTimer });
  for (const key of ['a', 'a', 'a']) queue.add(key);
  expect(started).toEqual(['a']);
  end('a');
  await turn();
  expect(started).toEqual(['a', 'a']);
  end('a');
  await queue.idle();
  expect(started).toEqual(['a', 'a']);
});

test('work that yields its slot holds up nobody', async () => {
  const { started, work, yieldSlot, end } = manualWork();
  const queue = createWorkQueue({ slots: 1, work, setTimer: systemTimer });
  for (const key of ['slow', 'b', 'c']) queue.add(key);
  yieldSlot('slow');
  yieldSlot('slow');
  expect(started).toEqual(['slow', 'b']);
  end('slow');
  await turn();
  expect(started).toEqual(['slow', 'b']);
  end('b');
  await turn();
  expect(started).toEqual(['slow', 'b', 'c']);
});

test('what is wanted for later waits for its time, and does not keep the queue from being idle', async () => {
  const started: string[] = [];
  const queue = createWorkQueue({
    slots: 1,
    work: (key) => {
      started.push(key);
      return Promise.resolve();
    },
    setTimer: systemTimer,
  });
  queue.addAfter('later', 20);
  await queue.idle();
  expect(started).toEqual([]);
  while (started.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  queue.addAfter('never', 1_000_000);
  queue.forget('never');
  await queue.stop();
  expect(started).toEqual(['later']);
});

test('a stop starts nothing more and waits for what is under way', async () => {
  const { started, work, end } = manualWork();
  const queue = createWorkQueue({ slots: 1, work, setTimer: systemTimer });
  queue.add('a');
  queue.add('b');
  let stopped = false;
  const stop = queue.stop().then(() => {
    stopped = true;
  });
  await turn();
  expect(stopped).toBe(false);
  end('a');
  await stop;
  queue.add('c');
  expect(started).toEqual(['a']);
});

test('of those that yield, only eight times as many as there are slots are under way', async () => {
  const { started, work, yieldSlot, end } = manualWork();
  const queue = createWorkQueue({ slots: 1, work, setTimer: systemTimer });
  for (let n = 0; n < 20; n++) queue.add(`slow-${n}`);
  for (let n = 0; n < 20 && started.length > n; n++) yieldSlot(`slow-${n}`);
  expect(started).toHaveLength(9);
  end('slow-0');
  await turn();
  yieldSlot('slow-8');
  expect(started).toHaveLength(10);
});
