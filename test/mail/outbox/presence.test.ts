// Which replica may take what another one has leased, by a clock that the test moves.
import { expect, onTestFinished, test } from 'vitest';
import { watchForAbsence } from '../../../src/mail/outbox/absent-holders.ts';
import type { RecordLease } from '../../../src/mail/outbox/outbox-record.ts';
import { createPresence, presenceLease } from '../../../src/mail/outbox/presence.ts';
import { createMemoryLeases } from '../../store/memory-leases.ts';
import { createTestClock } from '../../store/test-clock.ts';

const leaseFor = 1_200_000;

function setUp() {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const problems: string[] = [];
  const problem = ({ message }: { readonly message: string | undefined }) => {
    if (message !== undefined) problems.push(message);
  };
  const presence = createPresence({ leases, clock, problem, identity: 'a' });
  const theirs: RecordLease[] = [];
  const freed: string[] = [];
  const watching = new AbortController();
  onTestFinished(() => watching.abort());
  const free = (tokens: ReadonlySet<string>) => {
    for (const token of tokens)
      theirs.splice(
        theirs.findIndex((lease) => lease.token === token),
        1,
      );
    freed.push(...tokens);
  };
  void watchForAbsence({ leases, clock, foreign: () => theirs, free }, watching.signal);
  const take = (token: string) => {
    presence.hold(token, clock.now() + leaseFor);
    theirs.push({ token, holder: 'a', until: clock.now() + leaseFor });
  };
  const settle = (token: string) => {
    presence.release(token);
    theirs.splice(
      theirs.findIndex((lease) => lease.token === token),
      1,
    );
  };
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) await clock.advance(1_000);
  };
  return { clock, leases, presence, theirs, freed, take, settle, pass, problems };
}

test('who holds a message for long keeps it, by a renewal every three seconds', async () => {
  const { leases, presence, freed, take, pass } = setUp();
  take('1');
  for (let minute = 0; minute < 5; minute += 1) {
    await pass(60);
    expect(presence.mayGoOn('1')).toBe(true);
  }
  expect(freed).toEqual([]);
  expect(leases.writes).toHaveLength(100);
});

test('messages that are settled within three seconds cost no renewal, and none is taken away', async () => {
  const { leases, freed, take, settle, pass } = setUp();
  for (let n = 0; n < 30; n += 1) {
    take(`${n}`);
    await pass(2);
    settle(`${n}`);
    await pass(2);
  }
  expect(freed).toEqual([]);
  expect(leases.writes).toEqual([]);
});

test.each([0, 1, 5])('what a replica held that died after %i seconds is free within 15 seconds', async (seconds) => {
  const { theirs, freed, take, presence, pass, leases } = setUp();
  take('1');
  await pass(seconds);
  presence.release('1');
  expect(theirs).toHaveLength(1);
  await pass(8);
  expect(freed).toEqual([]);
  await pass(7);
  expect(freed).toEqual(['1']);
  expect(leases.records.has(presenceLease('a'))).toBe(false);
});

test('a replica that cannot show itself begins no try any more before others may take what it holds', async () => {
  const { leases, presence, freed, take, pass, problems } = setUp();
  take('1');
  await pass(10);
  leases.mode = 'fail';
  await pass(8);
  expect(presence.mayGoOn('1')).toBe(false);
  expect(problems.at(-1)).toMatch(/^What is leased cannot be kept from other replicas: /);
  // Nobody can look either, so that nobody is taken for gone, however long it lasts.
  await pass(600);
  expect(freed).toEqual([]);
  leases.mode = 'work';
  await pass(60);
  expect(freed).toEqual([]);
  expect(presence.mayGoOn('1')).toBe(true);
});

test.each(['stopped', 'suspended'] as const)(
  'a process that was %s for a while does not go on with what it held',
  async (how) => {
    const { clock, presence, take, pass } = setUp();
    take('1');
    await pass(4);
    if (how === 'stopped') clock.stopFor(20_000);
    else clock.suspendFor(20_000);
    expect(presence.mayGoOn('1')).toBe(false);
  },
);

test('a pause of the one that looks makes nobody absent', async () => {
  const { clock, freed, take, pass } = setUp();
  take('1');
  await pass(5);
  for (let n = 0; n < 10; n += 1) {
    clock.stopFor(60_000);
    await pass(5);
  }
  expect(freed).toEqual([]);
});

test('what is leased while an older lease of the same holder is about to be freed is not freed with it', async () => {
  const { freed, take, presence, pass } = setUp();
  take('1');
  presence.release('1');
  await pass(10);
  take('2');
  await pass(5);
  expect(freed).toEqual(['1']);
  await pass(60);
  expect(freed).toEqual(['1']);
});
