// What disks, other processes and crashes do to a spool.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { problemNews } from '../../../src/store/problem-news.ts';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import { eventually } from '../../store/eventually.ts';
import { acceptAll, leaseOne, waitingEntry } from './conformance.ts';
import { attempt, confidential, message, noon, password } from './messages.ts';
import { openTestSpool } from './open-test-spool.ts';

const clock = { ...systemClock, now: () => noon };

async function setUp() {
  const directory = temporaryDirectory();
  const problems: string[] = [];
  const open = async () => {
    const opened = await openTestSpool({
      directory,
      clock,
      problem: ({ message }) => {
        if (message !== undefined) problems.push(message);
      },
    });
    onTestFinished(() => opened.outbox.close());
    return opened;
  };
  const fileOf = (box: string, n: number) => join(directory, 'outbox', box, message(n).id);
  return { directory, problems, open, fileOf, ...(await open()) };
}

test('one process holds a spool, and another is told who', async () => {
  const { directory, outbox } = await setUp();
  await expect(openTestSpool({ directory, clock })).rejects.toThrow(`is in use by process ${process.pid}`);
  await outbox.close();
  const { outbox: next } = await openTestSpool({ directory, clock });
  await next.close();
});

test('files and folders are for their owner alone', async () => {
  const { directory, outbox, fileOf } = await setUp();
  await outbox.accept(confidential(1));
  expect(statSync(fileOf('waiting', 1)).mode & 0o777).toBe(0o600);
  for (const folder of ['.', 'tmp', 'waiting', 'dead']) {
    expect(statSync(join(directory, 'outbox', folder)).mode & 0o777).toBe(0o700);
  }
});

describe('at the next start', () => {
  test('a message that was being written is gone, and was never accepted', async () => {
    const { directory, outbox, open } = await setUp();
    await outbox.close();
    writeFileSync(join(directory, 'outbox', 'tmp', `${message(1).id}.1`), 'half a mess');
    const { outbox: again } = await open();
    expect(await again.list()).toEqual([]);
    expect(readdirSync(join(directory, 'outbox', 'tmp'))).toEqual([]);
  });

  test.each(['damaged', 'cut short', 'of another name', 'empty'])(
    'a file that is %s is said, kept and not sent',
    async (how) => {
      const { directory, outbox, open, problems, fileOf } = await setUp();
      await acceptAll(outbox, 2);
      await outbox.close();
      const path = fileOf('waiting', 0);
      if (how === 'damaged') writeFileSync(path, `{"id":"${message(0).id}"}\n{}\n{}\nHello`);
      if (how === 'cut short') truncateSync(path, statSync(path).size - 1);
      if (how === 'of another name') writeFileSync(path, readFileSync(fileOf('waiting', 1)));
      if (how === 'empty') truncateSync(path, 0);
      const { outbox: again } = await open();
      expect(await again.list()).toEqual([waitingEntry(1)]);
      expect(problems).toEqual([
        `The spooled message waiting/${message(0).id} is damaged and is not sent. Look at it, then remove the file.`,
      ]);
      expect(readdirSync(join(directory, 'outbox', 'waiting'))).toHaveLength(2);
    },
  );

  test('of two files that a move between the boxes left, the newer counts and the older goes, with its password', async () => {
    const { outbox, open, fileOf } = await setUp();
    await outbox.accept(confidential(1));
    const waiting = readFileSync(fileOf('waiting', 1));
    const lease = await leaseOne(outbox);
    await lease.settle({ kind: 'dead', reason: 'MailboxUnavailable', attempt });
    await outbox.close();
    writeFileSync(fileOf('waiting', 1), waiting);
    const { outbox: again } = await open();
    expect(await again.list()).toMatchObject([{ state: 'Dead' }]);
    expect(() => statSync(fileOf('waiting', 1))).toThrow('ENOENT');
    expect(readFileSync(fileOf('dead', 1), 'utf8')).not.toContain(password);
  });

  test('a head longer than what a scan shows is read whole', async () => {
    const { outbox, open } = await setUp();
    const subject = 'long '.repeat(5_000);
    await outbox.accept(message(1, { subject }));
    await outbox.close();
    expect(await (await open()).outbox.list()).toMatchObject([{ subject }]);
  });
});

describe('while the operator runs', () => {
  test('a file that went is said, and comes up again a minute later', async () => {
    const { outbox, problems, fileOf } = await setUp();
    await outbox.accept(message(1));
    const lease = await leaseOne(outbox);
    await lease.settle({ kind: 'retry', notBefore: noon, attempt });
    rmSync(fileOf('waiting', 1));
    expect(await outbox.lease({ now: noon, limit: 1, leaseFor: 1_000 })).toEqual([]);
    expect(problems).toEqual([
      `Message ${message(1).id} to guest-1@example.com cannot be sent: its file in the spool is gone.`,
    ]);
    expect(outbox.nextAt()).toBe(noon + 60_000);
  });

  test('a message is sent from memory the first time, and from its file after that', async () => {
    const { outbox, fileOf } = await setUp();
    await outbox.accept(message(1));
    const stored = readFileSync(fileOf('waiting', 1), 'latin1').replace('Welcome', 'WELCOME');
    writeFileSync(fileOf('waiting', 1), stored, 'latin1');
    const first = await leaseOne(outbox);
    expect(first.raw).toEqual(message(1).raw);
    await first.settle({ kind: 'retry', notBefore: noon, attempt: undefined });
    const second = await leaseOne(outbox);
    expect(second.raw.toString('latin1')).toBe(message(1).raw.toString('latin1').replace('Welcome', 'WELCOME'));
  });

  test('a message that was dropped leaves nothing in memory to those who come after it under its name', async () => {
    const { outbox } = await setUp();
    await outbox.accept(message(1));
    await outbox.drop(message(1).id, 'Unwanted');
    const raw = Buffer.from('Subject: another\r\n\r\nbody\r\n');
    await outbox.accept(message(1, { raw }));
    expect((await leaseOne(outbox)).raw).toEqual(raw);
  });
});

describe('on a full disk', () => {
  const fill = (directory: string) => spawnSync('dd', ['if=/dev/zero', `of=${join(directory, 'filler')}`, 'bs=1k']);
  const free = (directory: string) => rmSync(join(directory, 'filler'));

  test('nothing is accepted that was not stored, what was stored stays, and it goes on once there is room', async (context) => {
    const directory = temporaryDirectory();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory]);
    if (mounted.status !== 0) context.skip('mounting a small file system needs root');
    onTestFinished(() => void spawnSync('umount', ['--lazy', directory]));
    const problems: (string | undefined)[] = [];
    const news: (string | undefined)[] = [];
    const tellNews = problemNews(({ message }) => news.push(message));
    const { outbox, ledger } = await openTestSpool({
      directory,
      clock,
      problem(problem) {
        problems.push(problem.message);
        tellNews(problem);
      },
    });
    onTestFinished(() => outbox.close());
    await outbox.accept(message(1));
    const lease = await leaseOne(outbox);
    for (const n of [3, 4, 5]) await outbox.accept(message(n));
    const [second = lease, ...others] = await outbox.lease({ now: noon, limit: 3, leaseFor: 7_200_000 });
    fill(directory);

    expect(await outbox.accept(message(2))).toEqual({
      kind: 'unavailable',
      message: expect.stringContaining('cannot be written: no space left on the device (ENOSPC)'),
    });
    expect(readdirSync(join(directory, 'outbox', 'tmp'))).toEqual([]);
    expect(await lease.settle({ kind: 'accepted', attempt })).toBe('unavailable');
    expect(problems.at(-1)).toMatch(
      /^Message \w+ was sent and cannot be remembered yet: The ledger cannot be written: .*ENOSPC/,
    );
    expect(await lease.settle({ kind: 'accepted', attempt })).toBe('unavailable');
    expect(await second.settle({ kind: 'accepted', attempt })).toBe('unavailable');
    for (const one of others) expect(await one.settle({ kind: 'retry', notBefore: noon, attempt })).toBe('unavailable');
    // What is the same for all is told once, however often it is tried.
    expect(news.filter((one) => one !== undefined)).toEqual([
      expect.stringContaining('was sent and cannot be remembered yet'),
      expect.stringMatching(/waiting cannot be written: no space left on the device/),
    ]);
    // It was sent: nobody gets it again, however long the disk stays full.
    expect(await outbox.lease({ now: noon + 3_600_000, limit: 9, leaseFor: 1_000 })).toEqual([]);

    free(directory);
    await eventually('what was sent is remembered', () => ledger.has(message(1).id));
    await eventually(
      'who settles again is told',
      async () => (await lease.settle({ kind: 'accepted', attempt })) === 'settled',
    );
    await eventually('and gone', async () => (await outbox.list()).length === others.length);
    expect(await outbox.accept(message(2))).toEqual({ kind: 'accepted' });
  });
});

test('a spool in a place where no folder can be made is refused with the reason', async () => {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'ledger'));
  writeFileSync(join(directory, 'outbox'), '');
  await expect(openTestSpool({ directory, clock })).rejects.toThrow(/^The spool .*outbox cannot be used: /);
});
