// What becomes of alarms that were answered with 202, over real engines: whatever the process dies of, and whenever.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredNamespace } from '../../src/store/policy-store.ts';
import { alarmWorld, incoming } from './alarm-world.ts';

const minute = 60_000;

function spec(alarm: object = {}, more: object = {}) {
  return {
    relayRef: { name: 'corporate' },
    ...more,
    alarms: [
      {
        name: 'all',
        sources: { webhook: { tokenSecretRef: { name: 'token', key: 'token' }, resolveAfter: '90d' } },
        groupBy: ['alertname'],
        groupWait: '10s',
        groupInterval: '1m',
        repeatInterval: '30d',
        notify: { addresses: ['oncall@example.com'] },
        ...alarm,
      },
    ],
  };
}

type Step =
  | { readonly kind: 'put'; readonly name: string; readonly state: 'Firing' | 'Resolved' }
  | { readonly kind: 'pass'; readonly milliseconds: number }
  | { readonly kind: 'die'; readonly effects: number }
  | { readonly kind: 'stick'; readonly stuck: boolean }
  | { readonly kind: 'break'; readonly broken: boolean }
  | { readonly kind: 'restart' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    name: fc.constantFrom('DiskFull', 'NodeDown', 'Slow'),
    state: fc.constantFrom('Firing' as const, 'Firing' as const, 'Resolved' as const),
  }),
  fc.record({ kind: fc.constant('pass' as const), milliseconds: fc.constantFrom(1_000, 7_000, 15_000, 70_000) }),
  fc.record({ kind: fc.constant('die' as const), effects: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ kind: fc.constant('stick' as const), stuck: fc.boolean() }),
  fc.record({ kind: fc.constant('break' as const), broken: fc.constantFrom(true, true, false) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

describe('alarms that were accepted', { timeout: 240_000 }, () => {
  test('are told as they are in the end, none twice, whenever the process dies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 3, maxLength: 18 }), async (all) => {
        const world = await alarmWorld({ spec: spec() });
        const puts = new Map<string, ('Firing' | 'Resolved')[]>();
        for (const step of all) {
          if (step.kind === 'put') {
            await world.put([incoming(step.name, { state: step.state })]);
            puts.set(step.name, [...(puts.get(step.name) ?? []), step.state]);
          }
          if (step.kind === 'pass') await world.pass(step.milliseconds);
          if (step.kind === 'die') world.dieAfter(step.effects);
          if (step.kind === 'stick') world.stick(step.stuck);
          if (step.kind === 'break') world.breakJournal(step.broken);
          if (step.kind === 'restart' || world.dead) await world.restart();
        }
        world.stick(false);
        world.breakJournal(false);
        if (world.dead) await world.restart();
        world.dieAfter(Number.POSITIVE_INFINITY);
        await world.pass(10 * minute);
        expect(world.inboxSize()).toBe(0);
        const mails = (await world.mails()).map(({ subject }) => subject);
        for (const [name, states] of puts) {
          const told = mails.filter((subject) => subject.includes(name)).map(stateOf);
          expect(told).toEqual(told.map((_, index) => (index % 2 === 0 ? 'Firing' : 'Resolved')));
          if (states.at(-1) === 'Firing') expect(told.at(-1)).toBe('Firing');
          else expect(told.at(-1) ?? 'Resolved').toBe('Resolved');
          expect(told.filter((state) => state === 'Firing').length).toBeLessThanOrEqual(begins(states));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('of a rule that is gone are listed with why', async () => {
    const world = await alarmWorld({ spec: spec() });
    await world.put([incoming('DiskFull'), incoming('NodeDown')], { rule: 'gone' });
    await world.put([incoming('DiskFull')], { policy: 'other' });
    await world.pass(50_000);
    expect(world.inboxSize()).toBe(0);
    expect(world.told.join()).not.toContain('make no mail');
    await world.restart();
    await world.pass(20_000);
    expect(world.told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Event: 2 alarms of rule "gone" .* make no mail/),
        expect.stringMatching(/^1 alarm of rule "all" .*mail\/other/),
      ]),
    );
    expect(await world.mails()).toEqual([]);
    await world.restart();
    await world.pass(2 * minute);
    expect(world.told.filter((text) => text.startsWith('Event: 2 alarms'))).toHaveLength(1);
  });

  test('of a policy that the webhook knew first are told once it is known here', async () => {
    const world = await alarmWorld({ spec: spec() });
    await world.declare(undefined);
    await world.pass(minute);
    await world.put([incoming('DiskFull')]);
    await world.pass(20_000);
    await world.declare(spec());
    await world.pass(minute);
    expect(await world.mails()).toHaveLength(1);
    expect(world.told.join()).not.toContain('make no mail');
  });

  test('of a rule that nobody has looked at yet are told', async () => {
    const world = await alarmWorld({ spec: spec() });
    await world.pass(minute);
    world.declareUnseen(spec({ name: 'new' }));
    await world.put([incoming('DiskFull')], { rule: 'new' });
    await world.pass(minute);
    expect(await world.mails()).toHaveLength(1);
    expect(world.told.join()).not.toContain('make no mail');
  });

  test.each([false, true])('are not mailed again where their policy is replaced (restart: %s)', async (restarts) => {
    const world = await alarmWorld({ spec: spec() });
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    await world.declare(undefined);
    await world.pass(minute);
    if (restarts) await world.restart();
    await world.pass(8 * minute);
    await world.declare(spec());
    await world.pass(minute);
    await world.put([incoming('DiskFull')]);
    await world.pass(5 * minute);
    expect(await world.mails()).toHaveLength(1);
    await world.put([incoming('DiskFull', { state: 'Resolved' })]);
    await world.pass(5 * minute);
    expect((await world.mails()).map(({ subject }) => stateOf(subject))).toEqual(['Firing', 'Resolved']);
  });

  test.each([false, true])('are forgotten ten minutes after their policy (restart: %s)', async (restarts) => {
    const world = await alarmWorld({ spec: spec() });
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    await world.declare(undefined);
    await world.pass(9 * minute);
    if (restarts) await world.restart();
    await world.pass(2 * minute);
    expect(world.told.join()).not.toContain('went with the rule');
    await world.declare(spec());
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    expect(await world.mails()).toHaveLength(2);
  });

  test('that nobody was told of are listed when their rule goes', async () => {
    const world = await alarmWorld({ spec: spec({}, {}) });
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    await world.put([incoming('NodeDown')]);
    await world.pass(1_000);
    await world.declare(spec({ name: 'other' }));
    await world.pass(minute);
    const listed = world.told.filter((text) => text.startsWith('Event: '));
    expect(listed).toEqual([expect.stringMatching(/^Event: 1 alarm of rule "all" .* went with the rule/)]);
  });

  test('are listed as mails where those could not be sent when their rule goes', async () => {
    const world = await alarmWorld({ spec: spec({}, { suspend: true }) });
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    await world.declare(spec({ name: 'other' }));
    await world.pass(minute);
    const listed = world.told.filter((text) => text.startsWith('Event: '));
    expect(listed).toEqual([expect.stringMatching(/^Event: 1 mail of rule "all" that could not be sent went/)]);
  });

  test('wait while the policy is suspended, and are told once it is not', async () => {
    const world = await alarmWorld({ spec: spec({}, { suspend: true }) });
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    expect(world.inboxSize()).toBe(0);
    expect(await world.mails()).toEqual([]);
    await world.restart();
    await world.declare(spec());
    await world.pass(minute);
    expect((await world.mails()).map(({ subject }) => stateOf(subject))).toEqual(['Firing']);
  });

  test('wait in the journal while the policy cannot be read, also over a restart', async () => {
    const world = await alarmWorld({ spec: { relayRef: 7 } });
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    expect(world.inboxSize()).toBe(0);
    await world.restart();
    await world.declare(spec());
    await world.pass(minute);
    expect(await world.mails()).toHaveLength(1);
  });

  test('make no mail in mode DryRun, and none later', async () => {
    const world = await alarmWorld({ spec: spec({}, { mode: 'DryRun' }) });
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    expect(world.runner().facts({ namespace: 'mail', name: 'guests' }, 'all')).toMatchObject({
      subjects: 1,
      groups: 1,
      message: expect.stringContaining('DryRun'),
    });
    await world.declare(spec());
    await world.pass(5 * minute);
    expect(await world.mails()).toEqual([]);
  });

  test('are listed where nobody is to be told', async () => {
    const world = await alarmWorld({ spec: spec({ notify: { adminAccounts: true } }) });
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    expect(world.told).toEqual(expect.arrayContaining([expect.stringContaining('had nobody to go to')]));
  });

  test('are taken once, though they cannot be removed from the inbox', async () => {
    const world = await alarmWorld({ spec: spec() });
    world.stick(true);
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    await world.put([incoming('DiskFull', { state: 'Resolved' })]);
    await world.pass(5 * minute);
    await world.restart();
    await world.pass(5 * minute);
    expect(world.inboxSize()).toBe(2);
    world.stick(false);
    await world.pass(5 * minute);
    expect(world.inboxSize()).toBe(0);
    expect((await world.mails()).map(({ subject }) => stateOf(subject))).toEqual(['Firing', 'Resolved']);
    expect(world.told).toEqual(expect.arrayContaining([expect.stringContaining('The inbox takes no removal now.')]));
  });

  test('stay in the inbox, and make no mail, while the journal cannot be written', async () => {
    const world = await alarmWorld({ spec: spec() });
    await world.pass(minute);
    world.breakJournal(true);
    await world.put([incoming('DiskFull')]);
    await world.pass(5 * minute);
    expect(await world.mails()).toEqual([]);
    expect(world.inboxSize()).toBe(1);
    await world.restart();
    world.breakJournal(false);
    await world.pass(5 * minute);
    expect((await world.mails()).map(({ subject }) => stateOf(subject))).toEqual(['Firing']);
    expect(world.inboxSize()).toBe(0);
  });

  test('are mailed once where the lease goes to another in the midst of it', async () => {
    const world = await alarmWorld({ spec: spec() });
    await world.put([incoming('DiskFull')]);
    world.hold(false);
    await world.pass(minute);
    expect(await world.mails()).toEqual([]);
    world.hold(true);
    await world.pass(minute);
    expect(await world.mails()).toHaveLength(1);
  });
});

describe('what makes no mail', { timeout: 120_000 }, () => {
  test('is one Event a round, however many requests brought it', async () => {
    const world = await alarmWorld({ spec: spec() });
    for (let i = 0; i < 300; i += 1) await world.put([incoming(`Down${i}`)], { rule: 'gone' });
    await world.pass(5 * minute);
    const events = world.told.flatMap((text) => /^Event: (\d+) alarms? of rule "gone"/.exec(text)?.[1] ?? []);
    expect(events.length).toBeLessThan(4);
    expect(events.reduce((sum, count) => sum + Number(count), 0)).toBe(300);
  });

  test('is told once, though its rule is edited a moment later', async () => {
    const notify = { adminAccounts: true };
    const world = await alarmWorld({ spec: spec({ notify }) });
    await world.put([incoming('DiskFull')]);
    await world.pass(10_500);
    await world.declare(spec({ notify, repeatInterval: '20d' }));
    await world.pass(minute);
    expect(world.told.filter((text) => /^Event: .* nobody to go to/.test(text))).toHaveLength(1);
  });

  test('keeps no mail waiting while its Event cannot be recorded', async () => {
    const recordPolicyEvent = () => new Promise<void>(() => undefined);
    const world = await alarmWorld({ spec: spec(), recordPolicyEvent });
    await world.put([incoming('DiskFull')], { rule: 'gone' });
    await world.pass(2 * minute);
    await world.put([incoming('DiskFull')]);
    await world.pass(minute);
    expect(await world.mails()).toHaveLength(1);
  });
});

test('more groups than a rule may have are refused, which its status and an Event say', async () => {
  const world = await alarmWorld({ spec: spec({}, { mode: 'DryRun' }) });
  const names = Array.from({ length: 20_003 }, (_, index) => incoming(`Down${index}`));
  for (let from = 0; from < names.length; from += 5_000) await world.put(names.slice(from, from + 5_000));
  await world.pass(minute);
  const most = 'the rule holds 200,000 alarms in 20,000 groups at most. Fewer labels in groupBy make fewer groups.';
  expect(world.told).toContain(`Event: 3 alarms of rule "all" make no mail: ${most}`);
  const facts = world.runner().facts({ namespace: 'mail', name: 'guests' }, 'all');
  expect(facts).toMatchObject({ groups: 20_000, message: expect.stringContaining(`3 alarms were refused: ${most}`) });
}, 120_000);

test('what a full outbox took not is tried again, though the clock on the wall was set back', async () => {
  const world = await alarmWorld({ spec: spec() });
  world.fill(true);
  await world.put([incoming('DiskFull')]);
  await world.pass(12_000);
  expect(world.runner().facts({ namespace: 'mail', name: 'guests' }, 'all')?.message).toContain('The outbox is full.');
  world.setBack(60 * minute);
  world.fill(false);
  await world.pass(6_000);
  expect(await world.mails()).toHaveLength(1);
});

test('a steady system writes nothing', async () => {
  const part = { apiVersion: 'apps/v1', kind: 'Deployment', type: 'Available', status: 'False', for: '5m' };
  const webhook = { tokenSecretRef: { name: 'token', key: 'token' }, resolveAfter: '90d' };
  const sources = { webhook, relays: true, resourceConditions: [{ ...part, severity: 'critical' }] };
  const world = await alarmWorld({ spec: spec({ sources }) });
  await world.put([incoming('DiskFull')]);
  await world.pass(5 * minute);
  const deployment = (status: string) => ({
    ...{ namespace: 'mail', name: 'web', labels: {} },
    object: { status: { conditions: [{ type: 'Available', status }] } },
  });
  world.resource(deployment('False'));
  await world.pass(20 * minute);
  const before = world.writes();
  const facts = world.runner().facts({ namespace: 'mail', name: 'guests' }, 'all');
  await world.pass(60 * minute);
  expect(world.writes()).toBe(before);
  expect(world.runner().facts({ namespace: 'mail', name: 'guests' }, 'all')).toEqual(facts);
});

test('a storm makes one write of the journal a round', async () => {
  const world = await alarmWorld({ spec: spec(), minRound: 1_000 });
  await world.pass(5_000);
  const before = world.writes();
  for (let second = 0; second < 10; second += 1) {
    for (let n = 0; n < 20; n += 1) await world.put([incoming(`Alarm${second}-${n}`)]);
    await world.pass(1_000);
  }
  expect(world.writes() - before).toBeLessThanOrEqual(12);
});

test('Events are alarms: counted in place, not replayed, and not lost by a restart', async () => {
  const sources = { kubernetesEvents: { types: ['Warning'], after: { times: 3, within: '10m' }, resolveAfter: '15m' } };
  const world = await alarmWorld({ spec: spec({ sources, groupBy: ['reason'] }) });
  await world.pass(minute);
  world.event({ count: 40, firstSeen: world.clock.now() - 3_600_000, lastSeen: world.clock.now() - 1_800_000 });
  world.event({ uid: 'two', regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'mail', name: 'db-0' }, count: 2 });
  await world.pass(minute);
  expect(await world.mails()).toEqual([]);
  await world.restart();
  await world.pass(1_000);
  world.event({ uid: 'two', regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'mail', name: 'db-0' }, count: 5 });
  await world.pass(minute);
  expect((await world.mails()).map(({ subject }) => subject)).toEqual([expect.stringContaining('BackOff')]);
  await world.pass(20 * minute);
  expect((await world.mails()).map(({ subject }) => stateOf(subject))).toEqual(['Firing', 'Resolved']);
});

test('a condition that is bad for long enough is an alarm, until it is not', async () => {
  const part = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    type: 'Available',
    status: 'False',
    for: '5m',
    severity: 'critical',
  };
  const world = await alarmWorld({ spec: spec({ sources: { resourceConditions: [part] }, groupBy: ['name'] }) });
  await world.pass(1_000);
  const deployment = (status: string) => ({
    namespace: 'mail',
    name: 'web',
    labels: {},
    object: { status: { conditions: [{ type: 'Available', status }] } },
  });
  world.resource(deployment('False'));
  await world.pass(4 * minute);
  expect(await world.mails()).toEqual([]);
  await world.pass(2 * minute);
  expect((await world.mails()).map(({ subject }) => stateOf(subject))).toEqual(['Firing']);
  world.resource(deployment('True'));
  await world.pass(3 * minute);
  expect((await world.mails()).map(({ subject }) => stateOf(subject))).toEqual(['Firing', 'Resolved']);
});

test('a condition that goes from the rule is over, and those beside it are mailed no more for that', async () => {
  const part = { apiVersion: 'apps/v1', kind: 'Deployment', status: 'False', for: '0s', severity: 'critical' };
  const sources = (...types: string[]) => ({ resourceConditions: types.map((type) => ({ ...part, type })) });
  const world = await alarmWorld({ spec: spec({ sources: sources('Progressing', 'Available') }) });
  const conditions = ['Progressing', 'Available'].map((type) => ({ type, status: 'False' }));
  await world.pass(1_000);
  world.resource({ namespace: 'mail', name: 'web', labels: {}, object: { status: { conditions } } });
  await world.pass(3 * minute);
  expect(await world.mails()).toHaveLength(2);
  await world.declare(spec({ sources: sources('Available') }));
  await world.pass(3 * minute);
  const later = (await world.mails()).slice(2).map(({ subject }) => subject);
  expect(later).toEqual([expect.stringMatching(/RESOLVED.*DeploymentNotProgressing/)]);
  await world.declare(spec());
  await world.pass(3 * minute);
  expect((await world.mails())[3]?.subject).toMatch(/RESOLVED.*DeploymentNotAvailable/);
});

test('Events of a namespace are looked at once it lets the policy look, and its labels are right', async () => {
  const annotations = { 'relaykeeper.dev/policies-from': 'mail' };
  const found: StoredNamespace[] = [{ name: 'shop', labels: {}, annotations: {} }];
  const kubernetesEvents = { types: ['Warning'], namespaceSelector: {}, resolveAfter: '15m' };
  const world = await alarmWorld({ spec: spec({ sources: { kubernetesEvents } }), namespaces: () => found });
  await world.pass(1_000);
  world.event({ namespace: 'shop', uid: 'one' });
  await world.pass(minute);
  expect(await world.mails()).toEqual([]);
  found[0] = { name: 'shop', labels: {}, annotations };
  await world.pass(2 * minute);
  world.event({ namespace: 'shop', uid: 'two' });
  await world.pass(minute);
  expect(await world.mails()).toHaveLength(1);
});

test('an owner of a namespace is told where that namespace lets the policy look', async () => {
  const namespaces = (): readonly StoredNamespace[] => [
    { name: 'open', labels: {}, annotations: { owner: 'open@example.com', 'relaykeeper.dev/policies-from': 'mail' } },
    { name: 'shut', labels: {}, annotations: { owner: 'shut@example.com' } },
    { name: 'odd', labels: {}, annotations: { owner: 'no address', 'relaykeeper.dev/policies-from': 'mail' } },
  ];
  const world = await alarmWorld({ spec: spec({ notify: { namespaceAnnotation: 'owner' } }), namespaces });
  for (const namespace of ['open', 'shut', 'odd']) {
    await world.put([incoming('DiskFull', { labels: { alertname: 'DiskFull', namespace } })]);
  }
  await world.pass(minute);
  expect((await world.mails()).map(({ envelope }) => envelope.to)).toEqual(['open@example.com']);
  expect(world.told).toEqual(expect.arrayContaining([expect.stringContaining('namespace odd is no address')]));
});

function stateOf(subject: string): 'Firing' | 'Resolved' {
  return subject.includes('RESOLVED') ? 'Resolved' : 'Firing';
}

/** How often it began to fire. */
function begins(states: readonly ('Firing' | 'Resolved')[]): number {
  return states.filter((state, index) => state === 'Firing' && states[index - 1] !== 'Firing').length;
}
