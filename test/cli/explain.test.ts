// "Was she told?"
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { timestamp } from '../../src/api/conditions.ts';
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
    { rule: 'guest-expiry', about: 'mail/jane (14 days before the end)', outcome: 'Upcoming' },
    { rule: 'guest-expiry', about: 'mail/jane (7 days before the end)', outcome: 'Upcoming' },
  ]);
});

test('an address that nobody tells anything is said to be one', async () => {
  const world = await guest();
  const { code, stdout } = await world.run('explain', '--to', 'nobody@example.com');
  expect(code).toBe(1);
  expect(stdout).toContain('no rule tells this address of anything');
});

test('a mail of days ago has its time, its reply and queue id, long past the last ten of the status', async () => {
  const world = await guest();
  await world.sent('jane');
  const at = Date.now() - 5 * 86_400_000;
  await world.kept('jane', { at, reply: '250 2.0.0 Ok: queued as 4F1' });
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(0);
  expect(mails).toMatchObject([
    { time: timestamp(at), about: 'mail/jane', outcome: 'Sent', detail: 'mail/corporate: 250 2.0.0 Ok: queued as 4F1' },
  ]);
});

test('a mail stays known when its policy is deleted, and when the password is changed', async () => {
  const world = await guest();
  await world.kept('jane', { reply: '250 Ok' });
  world.declare('accounts', account('jane', { password: 'another one' }));
  const changed = await world.explain('jane@example.com');
  expect(changed.mails).toMatchObject([
    { about: 'mail/jane', outcome: 'NotSent' },
    { about: 'mail/jane', outcome: 'Sent' },
  ]);
  world.declare('policy', relay({ host: '127.0.0.1' }));
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(0);
  expect(mails).toMatchObject([{ policy: 'mail/guests', about: 'mail/jane', outcome: 'Sent' }]);
});

test.each([
  ['dropped by the operator', { outcome: 'Dropped', reason: 'PolicyDeleted' } as const, 'Dropped', 'PolicyDeleted'],
  ['refused', { outcome: 'Refused', reason: 'MailboxUnavailable', reply: '550 no' } as const, 'Refused', '550 no'],
])('a mail that was %s says so, with the reason', async (_name, more, outcome, detail) => {
  const world = await guest();
  await world.kept('jane', { relay: undefined, ...more });
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(1);
  expect(mails).toMatchObject([{ outcome, detail: expect.stringContaining(detail) }]);
});

test('a mail that a sandbox took is Redirected, and says where', async () => {
  const world = await guest();
  await world.sent('jane');
  await world.kept('jane', { reply: '250 Ok', redirectedTo: 'sandbox@example.com' });
  const { code, mails } = await world.explain('jane@example.com');
  expect(code).toBe(1);
  expect(mails).toMatchObject([
    { outcome: 'Redirected', detail: 'redirected to sandbox@example.com; mail/corporate: 250 Ok' },
  ]);
});

test("a stranger's mail is not told of, though its address is masked the same", async () => {
  const world = await guest();
  await world.kept('jane', { reply: '250 Ok' });
  await world.delivered('jane', { outcome: 'Accepted', reply: '250 Ok' });
  world.declare('accounts', account('jane'), account('june'));
  const { mails } = await world.explain('june@example.com');
  expect(mails).toMatchObject([{ about: 'mail/june', outcome: 'NotSent' }]);
  expect(await world.explain('jim@example.com')).toMatchObject({ code: 1, mails: [] });
});

test("what is wrong with another account of the rule is not said of this one's mail", async () => {
  const world = await guest({ rule: { backfill: true }, spec: { reminders: [reminderRule({ daysBefore: [14, 7] })] } });
  world.declare('accounts', account('jane', { validTo: inDays(11) }));
  const status = accountStatus({ message: 'Account "joe": its timeZone "Mars" is none' });
  const [credentials] = status.rules ?? [];
  await world.status({
    ...status,
    rules: [...(credentials ? [credentials] : []), { ...credentials, kind: 'Reminder', name: 'guest-expiry' }],
  });
  const { mails } = await world.explain('jane@example.com');
  expect(mails).toHaveLength(3);
  expect(JSON.stringify(mails)).not.toMatch(/joe|Mars/);
});

test('a run that is held is said of the mail that it holds, and of no later one', async () => {
  const world = await guest({ spec: { reminders: [reminderRule({ daysBefore: [14, 7] })] } });
  world.declare('accounts', account('jane', { validTo: inDays(11) }));
  await world.sent('jane');
  const heldRun = timestamp(Date.now());
  const rule = { kind: 'Reminder', name: 'guest-expiry', since: inDays(-20), held: 600, heldRun };
  await world.status({ ...accountStatus({}), rules: [rule] });
  const { mails } = await world.explain('jane@example.com');
  expect(mails).toMatchObject([
    { outcome: 'Sent' },
    {
      outcome: 'NotSent',
      detail: `Held for review with a run of 600 mails; the annotation relaykeeper.dev/release: ${heldRun} sends them.`,
    },
    { outcome: 'Upcoming', detail: null },
  ]);
});

test('what comes next is the same as `upcoming` tells', async () => {
  const world = await guest({ spec: { reminders: [reminderRule({ daysBefore: [7] })] } });
  // Came to its step with the run of 08:00, when the rule was not there yet.
  world.declare('accounts', account('jane', { validTo: inDays(6.9) }));
  await world.status({ ...accountStatus({}), rules: [{ kind: 'Reminder', name: 'guest-expiry', since: inDays(0) }] });
  const { mails } = await world.explain('jane@example.com');
  const { stdout } = await world.run('upcoming', '--within', '7d', '-o', 'json');
  const coming = mails.filter(({ outcome }: { outcome: string }) => outcome === 'Upcoming');
  expect(coming).toHaveLength(1);
  expect(coming.map(({ time }: { time: string }) => time)).toEqual(
    JSON.parse(stdout).map(({ time }: { time: string }) => time),
  );
  expect(JSON.stringify(mails)).not.toContain('came only after that run');
});

test('a mail that waits for its template says so', async () => {
  const world = await guest({ rule: { template: { text: '{{ nothing.of.the.kind }}' } } });
  const lastTransitionTime = new Date().toISOString();
  const message = 'spec.credentials[0].template.text: there is no nothing.of.the.kind';
  const ready = { type: 'Ready', status: 'False' as const, reason: 'TemplateInvalid', message, lastTransitionTime };
  await world.status({ observedGeneration: 1, conditions: [ready] });
  const { mails } = await world.explain('jane@example.com');
  expect(mails).toMatchObject([{ outcome: 'NotSent', detail: expect.stringContaining('waits') }]);
  expect(mails[0].detail).toContain('TemplateInvalid');
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
