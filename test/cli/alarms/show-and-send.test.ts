// Active groups beside an operator, and test alarms for it.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fingerprintOf } from '../../../src/alarms/fingerprint.ts';
import { decodeRequest } from '../../../src/alarms/intake/inbox-request.ts';
import { directoryInbox } from '../../../src/cli/directory-alarms.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { eventually } from '../../store/eventually.ts';
import { useProgram } from '../program.ts';
import { createAlarmWorld, firing, webhookRule } from './alarm-world.ts';

const program = useProgram();

test('shows groups, when they were told, and what each waits for', async () => {
  const world = await createAlarmWorld();
  const operator = await world.operator();
  await operator.receive(firing('DiskFull'), firing('SwapFull'));
  const before = readdirSync(world.state, { recursive: true }).sort();
  const first = await world.run('alarms');
  expect(first).toMatchObject({ code: 0, stderr: '' });
  const [heading, disk, swap, end] = first.stdout.split('\n').map((line) => line.trim().replace(/ {2,}/g, ' | '));
  expect(heading).toBe('RULE | GROUP | FIRING | RESOLVED | AGE | LAST TOLD | WAITS FOR');
  expect(disk).toMatch(
    /^mail\/ops\/production \| alertname=DiskFull \| 1 \| 0 \| \d+s \| never \| GroupWait until \S+Z$/,
  );
  expect(swap).toContain('alertname=SwapFull');
  expect(end).toBe('');
  expect(readdirSync(world.state, { recursive: true }).sort()).toEqual(before);
  await operator.advance(31_000);
  const told = await world.run('alarms', '-o', 'json');
  expect(JSON.parse(told.stdout)).toMatchObject([
    {
      ...{ policy: 'mail/ops', rule: 'production', firing: 2, resolved: 0, held: 0, note: null },
      groups: [
        { labels: { alertname: 'DiskFull' }, lastTold: expect.stringMatching(/Z$/), waits: [{ kind: 'Repeat' }] },
        { labels: { alertname: 'SwapFull' } },
      ],
    },
  ]);
});

test('says when nothing is active, and what keeps mails from being made', async () => {
  const world = await createAlarmWorld({ spec: { suspend: true } });
  const { code, stdout } = await world.run('alarms');
  expect(code).toBe(0);
  expect(stdout).toBe(
    'No alarm is active.\n\nmail/ops/production: the policy is suspended, and no mail is made until it is resumed.\n',
  );
});

test('a policy that is not there, or not valid, is told', async () => {
  const world = await createAlarmWorld({ rules: [webhookRule({ groupWait: 'soon' })] });
  expect(await world.run('alarms')).toMatchObject({ code: 1, stderr: expect.stringContaining('is not valid') });
  expect(await world.run('alarms', 'opps')).toMatchObject({ code: 2, stderr: expect.stringContaining('mail/ops') });
});

test('a policy may be named with its namespace, as for send', async () => {
  const world = await createAlarmWorld();
  await (await world.operator()).receive(firing('DiskFull'));
  expect(await world.run('alarms', 'mail/ops')).toMatchObject({ code: 0, stdout: expect.stringContaining('DiskFull') });
  expect(await world.run('alarms', 'post/ops')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no NotificationPolicy "ops"'),
  });
  const wrong = await world.run('alarms', 'mail/ops', '-n', 'post');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('--namespace says: post') });
});

test('--follow tells each change as a line, until it is ended', async () => {
  const world = await createAlarmWorld();
  const operator = await world.operator();
  const running = program.start(['alarms', '--follow', '--directory', world.directory]);
  await operator.receive(firing('DiskFull'));
  await running.printed(/mail\/ops\/production alertname=DiskFull: 1 firing, not told yet; GroupWait until/);
  await operator.advance(31_000);
  await running.printed(/alertname=DiskFull: 1 firing, told \S+Z; Repeat at/);
  await operator.receive(firing('DiskFull', { state: 'Resolved', endsAt: Date.now() }));
  await running.printed(/alertname=DiskFull: 1 resolved, told/);
  await operator.advance(400_000);
  await running.printed(/alertname=DiskFull: ended/);
  running.signal('SIGINT');
  expect((await running.ended).code).toBe(0);
});

async function send(args: readonly string[], options: Parameters<typeof createAlarmWorld>[0] = {}) {
  const world = await createAlarmWorld(options);
  const result = await world.run('alarms', 'send', ...args);
  return { world, result, requests: () => requestsIn(world.state) };
}

async function requestsIn(state: string) {
  const inbox = await directoryInbox({ stateDirectory: state, clock: systemClock, problem: () => undefined });
  const records = await inbox.read(10);
  await inbox.close();
  return records.map(({ body }) => decodeRequest(body));
}

test('a test alarm is kept for the operator, and what will become of it is said', async () => {
  const flags = ['--label', 'severity=critical', '--label', 'host=a=b', '--annotation', 'summary=Full', '--count', '3'];
  const { result, requests } = await send(['mail/ops', 'production', ...flags]);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  expect(result.stdout).toMatch(
    /^The alarm is kept; an operator that runs takes it\. It is in group alertname=production, which is told at \S+Z \(groupWait\)\. No operator has looked at the policy yet\.\n$/,
  );
  expect(await requests()).toMatchObject([
    {
      kind: 'request',
      request: {
        ...{ namespace: 'mail', policy: 'ops', alarm: 'production', source: 'test' },
        alarms: [
          {
            ...{ state: 'Firing', count: 3, annotations: { summary: 'Full' } },
            labels: { alertname: 'production', severity: 'critical', host: 'a=b' },
          },
        ],
      },
    },
  ]);
});

test.each([
  ['does not match', [], { match: [{ key: 'severity', operator: 'In', values: ['critical'] }] }, /match does not hold/],
  ['was never there', ['--resolved'], {}, /no such alarm that could be resolved/],
  ['is told of at any time', [], { groupBy: [] }, /It is in the group of all alarms, which is told at/],
])('an alarm that %s is kept, and that is said', async (_name, flags, rule, said) => {
  const { result, requests } = await send(['mail/ops', 'production', ...flags], { rules: [webhookRule(rule)] });
  expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(said) });
  expect(await requests()).toHaveLength(1);
});

test('what the operator has of the group decides with it', async () => {
  const world = await createAlarmWorld();
  const operator = await world.operator();
  await operator.receive(firing('production', { startsAt: Date.now() - 60_000 }));
  await operator.advance(0);
  const { stdout } = await world.run('alarms', 'send', 'mail/ops', 'production', '--label', 'host=b');
  expect(stdout).toMatch(/It is in group alertname=production, which is told at \S+Z \(groupInterval\)/);
});

test.each([
  ['was mailed', 0, /It is in group alertname=production, which is told at \S+Z \(groupInterval\)\./],
  [
    'was in no mail yet',
    undefined,
    /It is in group alertname=production, which is over before its first mail: nobody is/,
  ],
])('an alarm that %s and is over is told with its group', async (_name, after, said) => {
  const world = await createAlarmWorld();
  const operator = await world.operator();
  const startsAt = Date.now() - (after === undefined ? 0 : 60_000);
  const labels = { alertname: 'production', severity: 'warning' };
  const fingerprint = fingerprintOf({ source: 'test', labels, text: '' }, 'Normalized');
  await operator.receive(firing('production', { source: 'test', startsAt, labels, fingerprint }));
  if (after !== undefined) await operator.advance(after);
  const { stdout } = await world.run('alarms', 'send', 'mail/ops', 'production', '--resolved');
  expect(stdout).toMatch(said);
});

test('as JSON', async () => {
  const { result } = await send(['mail/ops', 'production', '-o', 'json'], { spec: { mode: 'DryRun' } });
  expect(JSON.parse(result.stdout)).toEqual({ kept: true, message: expect.stringContaining('spec.mode is DryRun') });
});

test.each([
  ['no namespace', ['ops', 'production'], '"ops" must be NAMESPACE/NAME of a NotificationPolicy'],
  ['no such policy', ['mail/opps', 'production'], 'there is no NotificationPolicy mail/opps'],
  ['no such rule', ['mail/ops', 'prodution'], 'has no alarm rule "prodution"; did you mean production?'],
  ['a label without a value', ['mail/ops', 'production', '--label', 'critical'], 'It must be a name and a value'],
])('%s is told, and nothing is kept', async (_name, args, message) => {
  const { world, result } = await send(args);
  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  expect(readdirSync(world.state)).not.toContain('inbox');
});

test('where nothing can be kept, that is said', async () => {
  const world = await createAlarmWorld();
  world.file(join('.relaykeeper', 'inbox'), 'a file in its place');
  const result = await world.run('alarms', 'send', 'mail/ops', 'production');
  expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: .*inbox/) });
});

test('the operator is not kept from its own by a command beside it', async () => {
  const world = await createAlarmWorld();
  const inbox = await directoryInbox({ stateDirectory: world.state, clock: systemClock, problem: () => undefined });
  expect(await inbox.put(Buffer.from('{}'))).toEqual({ kind: 'kept' });
  await world.run('alarms', 'send', 'mail/ops', 'production');
  await eventually('both are there', async () => (await requestsIn(world.state)).length === 2);
  await inbox.close();
});

test('explain tells an address of alarms that it is going to be mailed, and of no others', async () => {
  const world = await createAlarmWorld();
  const operator = await world.operator();
  await operator.receive(firing('DiskFull'));
  const hers = await world.run('explain', '--to', 'oncall@example.com', '-o', 'json');
  expect(JSON.parse(hers.stdout)).toMatchObject({
    mails: [
      {
        ...{ policy: 'mail/ops', rule: 'production', about: '1 firing: alertname=DiskFull', outcome: 'NotSent' },
        detail: 'No operator has looked at the policy yet.',
      },
    ],
  });
  expect(JSON.parse((await world.run('explain', '--to', 'boss@example.com', '-o', 'json')).stdout).mails).toEqual([]);
});

test.each([
  ['upcoming', ['upcoming'], 'No reminder is due in that time.\n'],
  ['the outbox', ['outbox', 'list'], ''],
])('%s copes with alarm rules', async (_name, args, text) => {
  const world = await createAlarmWorld();
  expect(await world.run(...args)).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(text) });
});
