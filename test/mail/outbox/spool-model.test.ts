// The spool beside a plain map, over any order of what may be done to it, restarts among it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lease } from '../../../src/mail/outbox/outbox.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import type { OpenOutbox } from './conformance.ts';
import { attempt, confidential, message, noon } from './messages.ts';
import { openTestSpool } from './open-test-spool.ts';

interface Modelled {
  state: 'Waiting' | 'Leased' | 'Dead';
  attempts: number;
  at: number;
  hasBody: boolean;
  lease: Lease | undefined;
}

/** What the port promises, without a disk. */
interface Model {
  now: number;
  readonly held: Map<string, Modelled>;
  readonly sent: Set<string>;
}

interface Real {
  readonly directory: string;
  readonly clock: typeof systemClock;
  open: OpenOutbox;
}

type Command = fc.AsyncCommand<Model, Real>;
const most = 6;
const leaseFor = 10;

const made = (n: number) => (n % 2 === 0 ? confidential(n) : message(n));
const command = (text: string, run: Command['run']): Command => ({ check: () => true, toString: () => text, run });

const accept = (n: number) =>
  command(`accept ${n}`, async (model, { open }) => {
    const { id } = made(n);
    const known = model.held.has(id) || model.sent.has(id);
    const alive = [...model.held.values()].filter(({ state }) => state !== 'Dead').length;
    const full = !known && alive >= most;
    const { kind } = await open.outbox.accept(made(n));
    expect(kind).toBe(known ? 'known' : full ? 'full' : 'accepted');
    if (kind === 'accepted')
      model.held.set(id, { state: 'Waiting', attempts: 0, at: noon, hasBody: true, lease: undefined });
  });

const lease = (limit: number) =>
  command(`lease ${limit}`, async (model, { open }) => {
    const due = [...model.held.values()].filter(({ state, at }) => state !== 'Dead' && at <= model.now);
    const leases = await open.outbox.lease({ now: model.now, limit, leaseFor });
    expect(leases).toHaveLength(Math.min(limit, due.length));
    for (const one of leases) {
      const held = model.held.get(one.entry.id);
      if (!held || held.state === 'Dead' || held.at > model.now) throw new Error('what is not due was leased');
      expect(one.raw).toEqual([...Array(12).keys()].map(made).find(({ id }) => id === one.entry.id)?.raw);
      Object.assign(held, { state: 'Leased', at: model.now + leaseFor, lease: one });
    }
  });

const settle = (n: number, kind: 'accepted' | 'retry' | 'dead' | 'dropped', wait: number) =>
  command(`${kind} ${n}`, async (model) => {
    const { id } = made(n);
    const held = model.held.get(id);
    const current = held?.lease;
    if (!held || !current) return;
    switch (kind) {
      case 'accepted':
        expect(await current.settle({ kind, attempt })).toBe('settled');
        model.held.delete(id);
        model.sent.add(id);
        return;
      case 'retry':
        expect(await current.settle({ kind, notBefore: model.now + wait, attempt })).toBe('settled');
        Object.assign(held, { state: 'Waiting', attempts: held.attempts + 1, at: model.now + wait, lease: undefined });
        return;
      case 'dead':
        expect(await current.settle({ kind, reason: 'ContentRejected', attempt })).toBe('settled');
        Object.assign(held, {
          state: 'Dead',
          attempts: held.attempts + 1,
          hasBody: !made(n).confidential,
          lease: undefined,
        });
        return;
      case 'dropped':
        expect(await current.settle({ kind, reason: 'TooLate' })).toBe('settled');
        model.held.delete(id);
    }
  });

const retry = (n: number) =>
  command(`retry ${n}`, async (model, { open }) => {
    const held = model.held.get(made(n).id);
    expect(await open.outbox.retry(made(n).id)).toBe(held?.hasBody ?? false);
    if (!held?.hasBody || (held.state === 'Leased' && held.at > model.now)) return;
    Object.assign(held, { state: 'Waiting', at: model.now });
  });

const drop = (n: number) =>
  command(`drop ${n}`, async (model, { open }) => {
    expect(await open.outbox.drop(made(n).id, 'Removed')).toBe(model.held.delete(made(n).id));
  });

const pass = (time: number) =>
  command(`pass ${time}`, async (model) => {
    model.now += time;
  });

const restart = command('restart', async (model, real) => {
  const before = await notBefores(real);
  await real.open.outbox.close();
  real.open = await openTestSpool({ directory: real.directory, clock: real.clock, maxMessages: most, maxDead: 100 });
  // Leases are over, and a retry that only memory knew of is due when it was before.
  for (const [id, held] of model.held) {
    if (held.state === 'Dead') continue;
    Object.assign(held, { state: 'Waiting', at: (await notBefores(real)).get(id), lease: undefined });
    expect(held.at).toBeLessThanOrEqual(Math.max(before.get(id) ?? 0, model.now));
  }
});

async function notBefores({ open }: Real): Promise<Map<string, number>> {
  return new Map((await open.outbox.list()).map(({ id, notBefore }) => [id, notBefore]));
}

async function agree(model: Model, { open }: Real): Promise<void> {
  const listed = (await open.outbox.list()).map(({ id, state, attempts }) => ({ id, state, attempts }));
  const expected = [...model.held].map(([id, { state, attempts, at }]) => {
    return { id, state: state === 'Leased' && at <= model.now ? 'Waiting' : state, attempts };
  });
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  expect(listed.sort(byId)).toEqual(expected.sort(byId));
  for (const id of model.sent) expect(open.ledger.has(id)).toBe(true);
}

test('any order of commands leaves the spool as a map would have it', { timeout: 120_000 }, async () => {
  const which = fc.nat(9);
  const settlements = fc.constantFrom('accepted' as const, 'retry' as const, 'dead' as const, 'dropped' as const);
  const commands = fc.commands(
    [
      which.map(accept),
      which.map(accept),
      fc.integer({ min: 1, max: 4 }).map(lease),
      fc.tuple(which, settlements, fc.nat(20)).map(([n, kind, wait]) => settle(n, kind, wait)),
      fc.tuple(which, settlements, fc.nat(20)).map(([n, kind, wait]) => settle(n, kind, wait)),
      which.map(retry),
      which.map(drop),
      fc.nat(15).map(pass),
      fc.constant(restart),
    ],
    { maxCommands: 60 },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (run) => {
      const model: Model = { now: noon, held: new Map(), sent: new Set() };
      const clock = { ...systemClock, now: () => model.now };
      const directory = temporaryDirectory();
      const open = await openTestSpool({ directory, clock, maxMessages: most, maxDead: 100 });
      const real: Real = { directory, clock, open };
      try {
        await fc.asyncModelRun(() => ({ model, real }), run);
        await agree(model, real);
      } finally {
        await real.open.outbox.close();
      }
    }),
    { numRuns: 60 },
  );
});
