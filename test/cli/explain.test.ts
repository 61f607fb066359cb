// "Was she told?"
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { accountStatus, createExplainWorld } from './explain-world.ts';
import { account, accountPassword, inDays, policy, relay, reminderRule } from './notification-world.ts';

const guest = (facts: Parameters<typeof createExplainWorld>[0] = {}) => createExplainWorld(facts);

test('a mail that a relay took is Sent, with its reply and queue id, as long as the status has it', async () => {
  const world = await guest();
  await world.sent('jane');
  await world.delivered('jane', { outcome: 'Accepted', reply: '250 2.0.0 Ok: queued as 4F1' });
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(0);
  expect(mails).toMatchObject([
    {
      rule: 'guest-credentials',
      about: 'mail/jane',
      outcome: 'Sent',
      detail: expect.stringContaining('queued as 4F1'),
    },
  ]);
});

test('a mail that the ledger alone remembers is Sent, and its time not known', async () => {
  const world = await guest();
  await world.sent('jane');
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(0);
  expect(mails).toMatchObject([
    { outcome: 'Sent', time: null, detail: 'Sent; when, and with what reply, is no longer known.' },
  ]);
});

test('a mail that waits says what its last try came to', async () => {
  const world = await guest();
  await world.waiting('jane', '451 4.7.1 Greylisted, try again');
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(0);
  expect(mails).toMatchObject([{ outcome: 'Waiting', detail: expect.stringContaining('451 4.7.1 Greylisted') }]);
});

test('a mail that was dropped by hand is Dropped, with the reason that was given', async () => {
  const world = await guest();
  await world.status(accountStatus({}));
  await world.waiting('jane', '451 4.7.1 Greylisted, try again');
  const [{ id }] = (await world.explain('jane@example.com')).mails;
  expect(await world.run('outbox', 'drop', id, '--reason', 'told her by phone')).toMatchObject({ code: 0, stderr: '' });
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(1);
  expect(mails).toMatchObject([
    { id, about: 'mail/jane', outcome: 'Dropped', detail: 'DroppedByHand: told her by phone' },
  ]);
});

test('a dead mail is Refused, with the reply', async () => {
  const world = await guest();
  await world.dead('jane', '550 5.1.1 No such user');
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(1);
  expect(mails).toMatchObject([
    { outcome: 'Refused', detail: 'MailboxUnavailable: corporate: 550 5.1.1 No such user' },
  ]);
});

test.each([
  ['suspended', { suspend: true }, 'suspended'],
  ['a dry run', { mode: 'DryRun' }, 'DryRun'],
  ['one that no operator looked at', {}, 'No operator'],
])('a mail of a policy that is %s is NotSent, and says so', async (_name, spec, why) => {
  const world = await guest({ spec, rule: { backfill: true } });
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(1);
  expect(mails).toMatchObject([{ outcome: 'NotSent', detail: expect.stringContaining(why) }]);
});

test('an account older than its rule was not told, and why is said', async () => {
  const world = await guest();
  await world.status(accountStatus({ since: new Date().toISOString() }));
  const { mails } = await world.explain('jane@example.com');
  expect(mails).toMatchObject([{ outcome: 'NotSent', detail: expect.stringContaining('older than the rule') }]);
});

test('an account whose Secret cannot be used is found by its address, with what is wrong', async () => {
  const world = await guest();
  world.declare('invalid', account('jim', { validTo: 'tomorrow' }));
  const { code, mails } = await world.explain('jim@example.com');
  expect(code).toBe(1);
  expect(mails).toMatchObject([{ about: 'mail/jim', outcome: 'NotSent', detail: expect.stringContaining('validTo') }]);
});

test('reminders of the last and the next days stand beside it', async () => {
  const world = await guest({ spec: { reminders: [reminderRule({ daysBefore: [14, 7] })] } });
  world.declare('accounts', account('jane', { validTo: inDays(11) }));
  await world.sent('jane');
  const { mails } = await world.explain('jane@example.com');
  expect(mails).toMatchObject([
    { rule: 'guest-credentials', outcome: 'Sent' },
    { rule: 'guest-expiry', about: 'mail/jane (14 days before the end)', outcome: 'NotSent' },
    { rule: 'guest-expiry', about: 'mail/jane (7 days before the end)', outcome: 'Upcoming' },
  ]);
});

test('an address that nobody tells anything is said to be one', async () => {
  const world = await guest();
  const { code, stdout } = await world.run('explain', '--to', 'nobody@example.com');
  expect(code).toBe(1);
  expect(stdout).toContain('no rule tells this address of anything');
});

test('a delivery to an address that is masked the same is told with a doubt', async () => {
  const world = await guest();
  await world.delivered('jane', { outcome: 'Accepted', reply: '250 Ok' });
  const { mails } = await world.explain('june@example.com');
  expect(mails).toMatchObject([{ outcome: 'Sent', detail: expect.stringContaining('perhaps another address') }]);
});

test('reads as a table, beside an operator that runs, and shows no password', async () => {
  const world = await guest();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  await world.waiting('jane', '421 4.3.2 Not now');
  await world.open(stop.signal);
  const { code, stdout, stderr } = await world.run(
    'explain',
    '--to',
    'jane@EXAMPLE.com',
    '--state',
    join(world.directory, '.relaykeeper'),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^TIME +POLICY +RULE +ABOUT +OUTCOME +DETAIL$/m);
  expect(stdout).toMatch(
    /mail\/guests +guest-credentials +mail\/jane +Waiting +tried once; corporate: 421 4\.3\.2 Not now/,
  );
  expect(stdout).not.toContain(accountPassword);
});

test('an address that cannot be one is unusable', async () => {
  const world = await guest();
  expect(await world.run('explain', '--to', 'jane')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--to: '),
  });
  world.declare('relay', relay({ host: '127.0.0.1' }), policy({}));
  expect((await world.run('explain')).code).toBe(2);
});
