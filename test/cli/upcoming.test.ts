// Reminders to come, listed without sending anything.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { account, createNotificationWorld, inDays, policy, reminderRule } from './notification-world.ts';

async function world(spec: object = {}) {
  const made = await createNotificationWorld();
  made.declare('policy', policy({ reminders: [reminderRule()], ...spec }));
  made.declare('accounts', account('jane', { validTo: inDays(10) }), account('john', { validTo: inDays(400) }));
  return made;
}

test('lists who would be mailed what and when, the soonest first, addresses masked', async () => {
  const { code, stdout, stderr } = await (await world()).run('upcoming');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [heading, ...rows] = stdout.trimEnd().split('\n');
  expect(heading).toMatch(/^TIME +POLICY +RULE +ABOUT +ENDS +DAYS LEFT +TO$/);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatch(/T08:00:00Z +mail\/guests +guest-expiry +mail\/jane +\S+ +7 +j\*\*\*@example\.com$/);
  expect(rows[1]).toMatch(/ 1 +j\*\*\*@example\.com$/);
  expect(stdout).not.toContain('jane@example.com');
});

test('as JSON names step, recipients and their roles', async () => {
  const { stdout } = await (await world()).run('upcoming', '-o', 'json', '--show-addresses');
  expect(JSON.parse(stdout)).toMatchObject([
    { policy: 'mail/guests', rule: 'guest-expiry', subject: 'mail/jane', step: 7, daysLeft: 7, note: null },
    { step: 1, recipients: [{ role: 'Account', address: 'jane@example.com' }] },
  ]);
});

test('--within looks less far, and -n at one namespace', async () => {
  const { run } = await world();
  expect((await run('upcoming', '--within', '1d')).stdout).toBe('No reminder is due in that time.\n');
  expect((await run('upcoming', '-n', 'elsewhere')).stdout).toBe('No reminder is due in that time.\n');
});

test('says what holds a policy back', async () => {
  const suspended = await (await world({ suspend: true })).run('upcoming', '-o', 'json');
  expect(JSON.parse(suspended.stdout)[0]).toMatchObject({ note: 'suspended' });
  const dry = await (await world({ mode: 'DryRun' })).run('upcoming');
  expect(dry.stdout).toMatch(/dry run$/m);
});

test('tells of a policy that is not valid, and of an account that cannot be used', async () => {
  const made = await world();
  made.declare('more', policy({ reminders: [reminderRule({ schedule: '99 99 * * *' })] }, 'broken'));
  made.declare('invalid', account('jim', { validTo: 'tomorrow' }));
  const { code, stdout, stderr } = await made.run('upcoming');
  expect(code).toBe(1);
  expect(stdout).toContain('mail/jane');
  expect(stderr).toMatch(/warning: NotificationPolicy mail\/broken is not valid: .*schedule/);
  expect(stderr).toMatch(/warning: .*rule guest-expiry: .*"jim".*validTo/);
});

test('beside an operator that holds the state directory, and leaves that as it was', async () => {
  const made = await world();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  await made.open(stop.signal);
  const files = () => readdirSync(made.state, { recursive: true, encoding: 'utf8' }).sort();
  const before = files().map((name) => [name, statSync(join(made.state, name)).mtimeMs]);
  expect((await made.run('upcoming')).code).toBe(0);
  expect(files().map((name) => [name, statSync(join(made.state, name)).mtimeMs])).toEqual(before);
});
