// The outbox of a state directory, with and without a process that holds it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OutboxMessage } from '../../src/mail/outbox/outbox.ts';
import { systemClock } from '../../src/store/clock.ts';
import { attempt, confidential, message, password } from '../mail/outbox/messages.ts';
import { openTestSpool } from '../mail/outbox/open-test-spool.ts';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';
import { relaykeeper } from './from-sources.ts';

const clock = systemClock;

async function spoolWith(...messages: readonly OutboxMessage[]) {
  const directory = temporaryDirectory();
  const { outbox } = await openTestSpool({ directory, clock });
  for (const one of messages) expect(await outbox.accept(one)).toEqual({ kind: 'accepted' });
  let open = true;
  const close = async () => {
    if (open) await outbox.close();
    open = false;
  };
  onTestFinished(close);
  const run = (...args: readonly string[]) =>
    relaykeeper('outbox', ...args, '--directory', directory, '--state', directory);
  return { directory, outbox, run, close };
}

const bury = async ({ outbox }: Awaited<ReturnType<typeof spoolWith>>, count = 1) => {
  const leases = await outbox.lease({ now: clock.now(), limit: count, leaseFor: 60_000 });
  for (const lease of leases) {
    const refusal = { ...attempt, reply: '550 5.1.1 No such user here' };
    await lease.settle({ kind: 'dead', reason: 'MailboxUnavailable', attempt: refusal });
  }
};

describe('outbox list', () => {
  test('shows what waits and what is dead while an operator holds the spool, addresses masked', async () => {
    const spool = await spoolWith(message(1));
    await bury(spool);
    await spool.outbox.accept(message(2));
    const { code, stdout, stderr } = await spool.run('list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^ID +AGE +POLICY +RULE +SUBJECT +TO +STATE +TRIES +NEXT TRY +LAST REPLY$/m);
    expect(stdout).toMatch(
      /mail\/guests +guest-credentials +Your account 1 +g\*\*\*@example.com +Dead +1 +never +MailboxUnavailable: 550 5\.1\.1 No such user here$/m,
    );
    expect(stdout).toMatch(/Your account 2 +g\*\*\*@example.com +Waiting +0 +now$/m);
    expect(stdout).not.toContain('guest-1@example.com');
  });

  test('shows whole addresses where asked, and one namespace alone', async () => {
    const { run } = await spoolWith(message(1));
    expect((await run('list', '--show-addresses')).stdout).toContain('guest-1@example.com');
    expect((await run('list', '-n', 'elsewhere')).stdout).toBe('The outbox is empty.\n');
  });

  test('as JSON has every field and no body', async () => {
    const { run } = await spoolWith(confidential(1));
    const { stdout } = await run('list', '-o', 'json');
    expect(JSON.parse(stdout)).toMatchObject([
      { id: message(1).id, state: 'Waiting', attempts: 0, confidential: true, lastAttempt: null, deadReason: null },
    ]);
    expect(stdout).not.toContain(password);
  });

  test('is empty where there is no state yet', async () => {
    const directory = temporaryDirectory();
    expect(await relaykeeper('outbox', 'list', '--directory', directory)).toMatchObject({
      code: 0,
      stdout: 'The outbox is empty.\n',
    });
  });
});

describe('outbox show', () => {
  test('redacts the body unless asked', async () => {
    const { run } = await spoolWith(message(1));
    const redacted = await run('show', message(1).id.slice(0, 8));
    expect(redacted.code).toBe(0);
    expect(redacted.stdout).toContain('Body:       redacted; --body shows it');
    expect(redacted.stdout).not.toContain('Welcome');
    expect((await run('show', message(1).id, '--body')).stdout).toContain('Welcome');
  });

  test('shows a password only where it is asked for twice', async () => {
    const { run } = await spoolWith(confidential(1));
    expect((await run('show', message(1).id, '--body')).stdout).not.toContain(password);
    expect((await run('show', message(1).id, '--body', '-o', 'json')).stdout).not.toContain(password);
    expect((await run('show', message(1).id, '--body', '--show-confidential')).stdout).toContain(password);
  });

  test('says that there is no such message', async () => {
    const { run } = await spoolWith();
    expect(await run('show', 'beef')).toMatchObject({ code: 1, stderr: expect.stringContaining('no message beef') });
  });
});

describe.each([
  ['while an operator holds the spool', false],
  ['while nobody holds the spool', true],
])('%s', (_name, alone) => {
  test('retry makes a dead message one that is tried at once', async () => {
    const spool = await spoolWith(message(1));
    await bury(spool);
    if (alone) await spool.close();
    const retried = await spool.run('retry', message(1).id);
    expect(retried).toMatchObject({ code: 0, stderr: '' });
    expect(retried.stdout).toContain(alone ? 'else as soon as one does' : 'is tried now');
    const listed = JSON.parse((await spool.run('list', '-o', 'json')).stdout);
    expect(listed).toMatchObject([{ state: 'Waiting', attempts: 1, deadReason: null }]);
    if (!alone) expect(await spool.outbox.lease({ now: clock.now(), limit: 9, leaseFor: 1_000 })).toHaveLength(1);
  });

  test('drop takes a message out', async () => {
    const spool = await spoolWith(message(1), message(2));
    if (alone) await spool.close();
    expect(await spool.run('drop', message(1).id, '--reason', 'sent by hand')).toMatchObject({ code: 0, stderr: '' });
    const listed = JSON.parse((await spool.run('list', '-o', 'json')).stdout);
    expect(listed).toMatchObject([{ id: message(2).id }]);
  });
});

describe('the reason of a drop', () => {
  test('reaches the operator that holds the spool', async () => {
    const spool = await spoolWith(message(1));
    const told: string[] = [];
    spool.outbox.onDropped(({ id }, reason) => told.push(`${id} ${reason}`));
    await spool.run('drop', message(1).id, '--reason', 'sent by hand "today"');
    expect(told).toEqual([`${message(1).id} sent by hand "today"`]);
  });

  test.each([
    ['given', ['--reason', 'sent by hand'], 'dropped by hand: sent by hand'],
    ['not given', [], 'dropped by hand: no reason was given'],
  ])('%s becomes an event where nobody holds the spool', async (_name, flags, said) => {
    const spool = await spoolWith(message(1));
    await spool.close();
    await spool.run('drop', message(1).id, ...flags);
    const events = readFileSync(join(spool.directory, 'events.jsonl'), 'utf8');
    expect(JSON.parse(events)).toMatchObject({ kind: 'NotificationPolicy', name: 'guests', reason: 'Dropped' });
    expect(events).toContain(said);
  });
});

test('a dead message that held a password cannot be tried again, which is said', async () => {
  const spool = await spoolWith(confidential(1));
  await bury(spool);
  const { code, stderr } = await spool.run('retry', message(1).id);
  expect(code).toBe(1);
  expect(stderr).toContain('its body is gone');
  const shown = await spool.run('show', message(1).id);
  expect(shown.stdout).toMatch(/^Body: +gone, as it held a password and is dead$/m);
});

test.each([
  ['--state without --directory', ['outbox', 'list', '--state', 'x'], '--state goes with --directory'],
  [
    'a cluster beside a directory',
    ['outbox', 'list', '--directory', '.', '--operator-namespace', 'x'],
    '--operator-namespace',
  ],
  ['no subcommand', ['outbox'], 'Usage: relaykeeper outbox'],
  ['an unknown flag', ['outbox', 'list', '--bodies'], "unknown option '--bodies'"],
])('%s is unusable', async (_name, args, said) => {
  const { code, stderr } = await relaykeeper(...args);
  expect({ code, said: stderr.includes(said) }).toEqual({ code: 2, said: true });
});
