// Reminders at a driven clock: from what ends to the mail that a server got.
import { describe, expect, test } from 'vitest';
import type { Folders } from '../store/directory/opened-store.ts';
import {
  account,
  eventsOf,
  folders,
  mailsOf,
  type Operator,
  policy,
  put,
  relay,
  startOperator,
  startSink,
  until,
} from './operating.ts';

const day = 86_400_000;
/** A morning before the run at eight. */
const start = Date.parse('2026-03-02T07:00:00Z');

describe('a reminder rule', { timeout: 60_000 }, () => {
  test('tells an account before its end, once a step', async () => {
    const world = await running();
    put(world.files, 'anna', account('anna', { validTo: at(7) }));
    await until('it is seen', () => world.rule()?.subjects === 1);
    expect(world.rule()).toMatchObject({ nextRun: '2026-03-02T08:00:00Z', sent: 0 });
    expect(world.operator.status()?.upcoming).toMatchObject([
      { subject: 'mail/anna', rule: 'expiry', dueTime: '2026-03-02T08:00:00Z' },
      { dueTime: '2026-03-08T08:00:00Z' },
    ]);
    await world.go(start + 3_700_000);
    await until('the first step', () => world.rule()?.sent === 1);
    expect(world.rule()).toMatchObject({ lastRun: '2026-03-02T08:00:00Z', due: 1, nextRun: '2026-03-03T08:00:00Z' });
    expect((await mailsOf(world.sink))[0]).toMatchObject({ to: { text: 'anna@example.com' } });
    await world.go(start + day + 3_700_000);
    await until('the next day', () => world.rule()?.lastRun === '2026-03-03T08:00:00Z');
    expect(world.sink.messages).toHaveLength(1);
    await world.go(start + 6 * day + 3_700_000);
    await until('the second step', () => world.rule()?.sent === 2);
  });

  test('makes up for runs that were missed while the operator was down, the nearest step alone', async () => {
    const world = await running();
    put(world.files, 'anna', account('anna', { validTo: at(9) }));
    await until('it is seen', () => world.rule()?.subjects === 1);
    await world.operator.stop();
    const later = start + 8.5 * day;
    const operator = await startOperator({ folders: world.files, now: () => later });
    await until('the mail', () => operator.status()?.totals?.sent === 1);
    await operator.run.settled();
    expect(world.sink.messages).toHaveLength(1);
    expect((await mailsOf(world.sink))[0]?.text).toContain('11 March 2026');
  });

  test('does not repeat itself when the clock is set back', async () => {
    const world = await running();
    put(world.files, 'anna', account('anna', { validTo: at(7) }));
    await until('it is seen', () => world.rule()?.subjects === 1);
    await world.go(start + 3_700_000);
    await until('the mail', () => world.rule()?.sent === 1);
    await world.go(start);
    await world.go(start + 3_700_000);
    await world.operator.run.settled();
    expect(world.sink.messages).toHaveLength(1);
  });

  test('drops a reminder that waits once the account is renewed', async () => {
    const world = await running();
    put(world.files, 'anna', account('anna', { validTo: at(7) }));
    await until('it is seen', () => world.rule()?.subjects === 1);
    await world.sink.stop();
    await until('the relay is down', () => world.operator.ready() === 'False NoRelayReady');
    await world.go(start + 3_700_000);
    await until('it waits', async () => (await world.operator.outbox.list()).length === 1);
    put(world.files, 'anna', account('anna', { validTo: at(30) }));
    await until('the change is seen', () => (world.operator.status()?.upcoming?.[0]?.dueTime ?? '') > '2026-03-20');
    const back = await startSink({}, world.sink.port);
    await until('the relay is back', () => world.operator.ready() === 'True Running');
    // A relay that failed rests for a while.
    await world.go(start + 4_000_000);
    await until('it is dropped', () => world.operator.settled.some(({ settlement }) => settlement.kind === 'dropped'));
    expect(world.operator.settled.at(-1)?.settlement).toEqual({ kind: 'dropped', reason: 'Renewed' });
    expect(back.messages).toEqual([]);
    await until('the event', () => eventsOf(world.files).includes('was dropped: Renewed'));
    expect(world.operator.logged.join('\n')).toMatch(/a message was dropped .*"reason":"Renewed"/);
  });

  test('with a digest tells an address of all at once', async () => {
    const notify = { account: false, addresses: ['admins@example.com'] };
    const world = await running({ digest: true, notify });
    put(world.files, 'many', ...['anna', 'bert'].map((name) => account(name, { validTo: at(7) })));
    await until('they are seen', () => world.rule()?.subjects === 2);
    await world.go(start + 3_700_000);
    await until('the digest', () => world.rule()?.sent === 1);
    const [mail] = await mailsOf(world.sink);
    expect(mail).toMatchObject({ to: { text: 'admins@example.com' } });
    expect(mail?.text).toContain('anna');
    expect(mail?.text).toContain('bert');
    await world.operator.run.settled();
    expect(world.sink.messages).toHaveLength(1);
  });

  test('tells what stands in a digest that waits in no other, and what stood in one that was dropped in the next', async () => {
    const notify = { account: false, addresses: ['admins@example.com'] };
    const world = await running({ digest: true, schedule: '0 8,9 * * *', notify });
    const { outbox } = world.operator;
    await world.sink.stop();
    put(world.files, 'anna', account('anna', { validTo: at(7) }));
    await until('it is seen', () => world.rule()?.subjects === 1);
    await world.go(start + 3_700_000);
    const first = await until('it waits', async () => (await outbox.list())[0]);
    await world.go(start + 7_300_000);
    await until('the next run', () => world.rule()?.lastRun === '2026-03-02T09:00:00Z');
    expect((await outbox.list()).map(({ id }) => id)).toEqual([first.id]);
    await outbox.drop(first.id, 'the relay is down');
    const back = await startSink({}, world.sink.port);
    await world.go(start + day + 3_700_000);
    await until('the next day', async () => {
      for (const { id, state } of await outbox.list()) if (state === 'Waiting') await outbox.retry(id);
      return back.messages.length === 1;
    });
    expect((await mailsOf(back))[0]?.text).toContain('anna');
  });

  test('holds a run that is larger than maxPerRun, and sends it once it is released', async () => {
    const world = await running({}, { maxPerRun: 1 });
    put(world.files, 'many', ...['anna', 'bert'].map((name) => account(name, { validTo: at(7) })));
    await until('they are seen', () => world.rule()?.subjects === 2);
    await world.go(start + 3_700_000);
    const run = await until('it is held', () => world.rule()?.heldRun);
    expect(world.rule()).toMatchObject({ held: 2, sent: 0 });
    expect(world.rule()?.lastRun).toBeUndefined();
    const annotations = { 'relaykeeper.dev/release': run };
    put(world.files, 'policy', policy({ maxPerRun: 1, reminders: [rule()] }, { annotations }));
    await until('both are sent', () => world.rule()?.sent === 2);
    expect(world.rule()?.held).toBeUndefined();
  });

  test('with mode DryRun shows what would have been sent', async () => {
    const world = await running({}, { mode: 'DryRun' });
    put(world.files, 'anna', account('anna', { validTo: at(7) }));
    await until('it is seen', () => world.rule()?.subjects === 1);
    await world.go(start + 3_700_000);
    await until('the run', () => world.rule()?.message === 'Would have sent 1 mail.');
    expect(world.sink.messages).toEqual([]);
  });
});

function at(days: number): string {
  return new Date(start + days * day + 3_600_000 * 5).toISOString();
}

function rule(more: Record<string, unknown> = {}): Record<string, unknown> {
  const accounts = { selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } }, expiry: 'AccountEnd' };
  return { name: 'expiry', subjects: { accounts }, daysBefore: [7, 1], schedule: '0 8 * * *', ...more };
}

interface World {
  readonly sink: Awaited<ReturnType<typeof startSink>>;
  readonly files: Folders;
  readonly operator: Operator;
  readonly rule: () => NonNullable<NonNullable<ReturnType<Operator['status']>>['rules']>[number] | undefined;
  /** Sets the clock. */
  readonly go: (to: number) => Promise<void>;
}

async function running(more: Record<string, unknown> = {}, spec: Record<string, unknown> = {}): Promise<World> {
  const sink = await startSink();
  const files = folders();
  let now = start;
  put(files, 'relay', relay('corporate', sink.port));
  put(files, 'policy', policy({ ...spec, reminders: [rule(more)] }));
  const operator = await startOperator({ folders: files, now: () => now });
  await until('the policy runs', () => operator.ready().startsWith('True'));
  return {
    sink,
    files,
    operator,
    rule: () => operator.status()?.rules?.[0],
    async go(to) {
      now = to;
      operator.run.wakeAll();
      await operator.run.settled();
    },
  };
}
