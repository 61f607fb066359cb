import { expect, onTestFinished, test } from 'vitest';
import { type ElectionEvent, electionTimings, type Lead, runAsLeader } from '../../src/store/leader-election.ts';
import { createMemoryLeases, type MemoryLeases } from './memory-leases.ts';
import { createTestClock, type TestClock } from './test-clock.ts';

const name = 'relaykeeper-probes';

/** One candidate whose `lead` lasts as long as its term. */
function candidate(identity: string, leases: MemoryLeases, clock: TestClock, lead?: Lead) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const told: ElectionEvent[] = [];
  const state = { leading: false, terms: 0, stillLeader: (): boolean => false };
  const untilEnd: Lead = async (signal, stillLeader) => {
    state.leading = true;
    state.terms += 1;
    state.stillLeader = stillLeader;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    state.leading = false;
  };
  const ended = runAsLeader(
    { leases, name, identity, timings: electionTimings, clock, random: () => 0.5, tell: (event) => told.push(event) },
    lead ?? untilEnd,
    stop.signal,
  );
  return { state, told, ended, stop: () => stop.abort() };
}

test('of two candidates one leads for as long as it renews', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const a = candidate('a', leases, clock);
  await clock.advance(0);
  const b = candidate('b', leases, clock);
  for (let minute = 0; minute < 60; minute++) {
    await clock.advance(1_000);
    expect([a.state.leading, b.state.leading]).toEqual([true, false]);
  }
  expect(a.state.terms).toBe(1);
  expect(leases.records.get(name)?.record).toMatchObject({ holderIdentity: 'a', leaseTransitions: 0 });
  expect(b.told).toContainEqual({ kind: 'waiting', holder: 'a' });
});

test('a released lease is taken at the next try, long before it would run out', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const a = candidate('a', leases, clock);
  await clock.advance(0);
  const b = candidate('b', leases, clock);
  await clock.advance(5_000);
  a.stop();
  await a.ended;
  expect(leases.records.get(name)?.record.holderIdentity).toBe('');
  await clock.advance(electionTimings.retryPeriodMs * (1 + electionTimings.jitter));
  expect(b.state.leading).toBe(true);
  expect(leases.records.get(name)?.record.leaseTransitions).toBe(1);
});

test.each(['fail', 'hang'] as const)(
  'a leader whose requests %s stops at its deadline, before another can begin',
  async (mode) => {
    const clock = createTestClock();
    const leases = createMemoryLeases();
    const a = candidate('a', leases, clock);
    await clock.advance(3_000);
    leases.mode = mode;
    await clock.advance(2_999);
    expect(a.state.stillLeader()).toBe(true);
    await clock.advance(3_002);
    expect(a.state.stillLeader()).toBe(false);
    expect(a.state.leading).toBe(false);
    leases.mode = 'work';
    await clock.advance(10_000);
    expect(a.state.terms).toBe(2);
  },
);

test('one hung request does not cost the term', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const a = candidate('a', leases, clock);
  await clock.advance(1_900);
  leases.mode = 'hang';
  await clock.advance(2_000);
  leases.mode = 'work';
  await clock.advance(20_000);
  expect(a.state.terms).toBe(1);
  expect(a.state.stillLeader()).toBe(true);
});

test('the lease of a leader that vanished is taken once it has run out, and no earlier', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const record = {
    holderIdentity: 'gone',
    leaseDurationSeconds: 10,
    acquireTime: '',
    renewTime: '',
    leaseTransitions: 4,
  };
  leases.records.set(name, { record, version: 'x' });
  const b = candidate('b', leases, clock);
  await clock.advance(9_900);
  expect(b.state.leading).toBe(false);
  await clock.advance(electionTimings.retryPeriodMs * (1 + electionTimings.jitter));
  expect(b.state.leading).toBe(true);
  expect(leases.records.get(name)?.record).toMatchObject({ holderIdentity: 'b', leaseTransitions: 5 });
});

test.each(['stopFor', 'suspendFor'] as const)(
  'after %s past its lease a leader knows at its first question that it is none',
  async (how) => {
    const clock = createTestClock();
    const leases = createMemoryLeases();
    const a = candidate('a', leases, clock);
    await clock.advance(1_000);
    const { stillLeader } = a.state;
    clock[how](11_000);
    // No timer has fired yet; this is the first thing that runs after SIGCONT.
    expect(stillLeader()).toBe(false);
    await clock.advance(3_000);
    // Nobody else took it, so it was elected anew; the term that it was paused in stays over.
    expect(a.state.terms).toBe(2);
    expect(stillLeader()).toBe(false);
  },
);

test('a renewal that succeeds too late does not bring the term back', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const a = candidate('a', leases, clock);
  await clock.advance(1_000);
  const { stillLeader } = a.state;
  clock.stopFor(8_000);
  await clock.advance(10_000);
  expect(leases.records.get(name)?.record.holderIdentity).toBe('a');
  expect(a.state.terms).toBe(2);
  expect(stillLeader()).toBe(false);
});

test('a leader whose lease another has taken ends its term at the next renewal', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const a = candidate('a', leases, clock);
  await clock.advance(1_000);
  const record = { holderIdentity: 'b', leaseDurationSeconds: 10, acquireTime: '', renewTime: '', leaseTransitions: 1 };
  leases.records.set(name, { record, version: 'x' });
  await clock.advance(electionTimings.retryPeriodMs);
  expect(a.state.leading).toBe(false);
  expect(leases.records.get(name)?.record.holderIdentity).toBe('b');
});

test('when lead ends by itself the lease is given back and nothing more happens', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const a = candidate('a', leases, clock, async () => undefined);
  await a.ended;
  expect(leases.records.get(name)?.record.holderIdentity).toBe('');
  expect(a.told).toEqual([{ kind: 'elected' }, { kind: 'ended' }]);
});

test('when lead throws the lease is given back and the error comes out', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const a = candidate('a', leases, clock, async () => {
    throw new Error('a bug');
  });
  await expect(a.ended).rejects.toThrow('a bug');
  expect(leases.records.get(name)?.record.holderIdentity).toBe('');
});

test('two candidates that start in the same moment never lead both', async () => {
  const clock = createTestClock();
  const leases = createMemoryLeases();
  const all = ['a', 'b', 'c'].map((identity) => candidate(identity, leases, clock));
  for (let i = 0; i < 100; i++) {
    await clock.advance(300);
    expect(all.filter(({ state }) => state.leading).length).toBe(1);
  }
});
