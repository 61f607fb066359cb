// The machine and a real Alertmanager get the same alarms at the same times, and have to tell the same.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Alarm } from '../../src/alarms/alarm.ts';
import { fingerprintOf } from '../../src/alarms/fingerprint.ts';
import { simulate } from '../../src/alarms/simulate.ts';
import type { AlarmTerms } from '../../src/alarms/terms.ts';
import { alertmanagerPackage, type Notified, type PostedAlert, startAlertmanager } from '../servers/alertmanager.ts';
import { debianPackages } from '../servers/debian-packages.ts';
import { is, terms } from './book-cases.ts';

const packages = await debianPackages([alertmanagerPackage]);
if (packages.kind === 'missing') console.warn(packages.why);

/** One alarm at one time: scenario, job, name, kind; over, or over later. */
interface Step {
  readonly at: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly began?: number;
  readonly ends?: number;
}

type Told = readonly [group: string, firing: string, resolved: string];

// Flushes are at 1 s, 3 s, 5 s, … of a group that begins at 0; all that happens keeps away from them.
const steps: readonly Step[] = [
  ...fires(0, 'repeat', 'api/down'),
  ...fires(0, 'new', 'api/down'),
  ...fires(1.9, 'new', 'api/slow'),
  ...fires(0, 'resolved', 'api/down api/slow'),
  ...ends(1.9, 'resolved', 'api/slow'),
  ...ends(3.9, 'resolved', 'api/down'),
  ...fires(6, 'resolved', 'api/down'),
  ...fires(0, 'blip', 'api/down'),
  ...ends(0.4, 'blip', 'api/down'),
  ...fires(0, 'blip beside another', 'api/down api/slow'),
  ...ends(0.4, 'blip beside another', 'api/slow'),
  ...fires(0, 'came and went', 'api/down'),
  ...fires(1.5, 'came and went', 'api/slow'),
  ...ends(2.3, 'came and went', 'api/slow'),
  ...fires(0, 'flap', 'api/down'),
  ...ends(1.6, 'flap', 'api/down'),
  ...fires(2.3, 'flap', 'api/down'),
  ...fires(0, 'inhibited in its group', 'api/slow', 'warning'),
  ...fires(1.7, 'inhibited in its group', 'api/down', 'critical'),
  ...ends(3.8, 'inhibited in its group', 'api/down', 'critical'),
  ...fires(0, 'inhibited by another group', 'api/down', 'critical'),
  ...fires(0.3, 'inhibited by another group', 'web/slow', 'warning'),
  ...ends(3.8, 'inhibited by another group', 'api/down', 'critical'),
  ...fires(0, 'twins', 'api/down web/slow', 'twin'),
  ...fires(0, 'firing only', 'api/down api/slow'),
  ...ends(1.7, 'firing only', 'api/slow'),
  ...ends(3.8, 'firing only', 'api/down'),
  ...fires(6, 'firing only', 'api/down'),
  ...fires(0, 'firing only and again', 'api/down api/slow'),
  ...ends(1.7, 'firing only and again', 'api/slow'),
  ...fires(3.8, 'firing only and again', 'api/slow'),
  ...fires(0, 'runs out', 'api/down').map((step) => ({ ...step, ends: 4 })),
  ...fires(0, 'old', 'api/down').map((step) => ({ ...step, began: -60 })),
  ...fires(0, 'end of a stranger', 'api/down'),
  ...ends(1.9, 'end of a stranger', 'api/slow'),
];
const lastOf = 13.9;

test.skipIf(packages.kind === 'missing')(
  'tells the same groups, firing and resolved alarms as Alertmanager',
  { timeout: 120_000 },
  async () => {
    let run = await replay();
    // Where this machine was too busy to keep to the times, what was to come before a flush may have come after it.
    for (let again = 0; again < 3 && run.disturbed; again += 1) run = await replay();
    expect(run.ours).toEqual(run.theirs);
    expect(run.theirs.length).toBeGreaterThan(30);
  },
);

async function replay() {
  const alertmanager = await startAlertmanager(configuration);
  try {
    const start = Date.now() + 200;
    const inputs: { at: number; alarms: readonly Alarm[] }[] = [];
    let latest = 0;
    for (const at of [...new Set(steps.map((step) => step.at))].sort((one, other) => one - other)) {
      await sleep(Math.max(0, start + at * 1_000 - Date.now()));
      const now = Date.now();
      latest = Math.max(latest, now - start - at * 1_000);
      const due = steps.filter((step) => step.at === at);
      await alertmanager.post(due.map((step) => alertOf(step, start)));
      inputs.push({ at: now, alarms: due.map((step) => alarmOf(step, start)) });
    }
    await sleep(Math.max(0, start + lastOf * 1_000 - Date.now()));
    const until = Date.now();
    const ours = [true, false].flatMap((sendResolved) => oursOf(sendResolved, inputs, until));
    const theirs = alertmanager.notified.map((notified) => ({ at: notified.at, told: theirsOf(notified) }));
    return { ours: byGroup(ours), theirs: byGroup(theirs), disturbed: latest > 150 || differ(ours, theirs) };
  } finally {
    await alertmanager.stop();
  }
}

interface Dated {
  readonly at: number;
  readonly told: Told;
}

function oursOf(sendResolved: boolean, inputs: Parameters<typeof simulate>[1], until: number): readonly Dated[] {
  const mine = inputs.map(({ at, alarms }) => ({
    at,
    alarms: alarms.filter(({ labels }) => !labels.scenario?.startsWith('firing only') === sendResolved),
  }));
  return simulate(rule(sendResolved), mine, until).map((notice) => {
    if (notice.kind !== 'Group') throw new Error(`the rule has no ${notice.kind}`);
    return {
      at: notice.at,
      told: [nameOf(notice.groupLabels), ...namesOf(notice.alarms, ({ state }) => state === 'Firing')],
    };
  });
}

function theirsOf({ groupLabels, alerts }: Notified): Told {
  return [nameOf(groupLabels), ...namesOf(alerts, ({ status }) => status === 'firing')];
}

/** Groups run beside each other; within one the order counts. */
function byGroup(dated: readonly Dated[]): readonly Told[] {
  return [...dated]
    .sort((one, other) => compare(one.told[0], other.told[0]) || one.at - other.at)
    .map(({ told }) => told);
}

/** Whether a mail came at quite another time than it should have, in one of the two. */
function differ(ours: readonly Dated[], theirs: readonly Dated[]): boolean {
  const times = (dated: readonly Dated[]) =>
    [...dated].sort((one, other) => compare(one.told[0], other.told[0]) || one.at - other.at).map(({ at }) => at);
  const [mine, others] = [times(ours), times(theirs)];
  return mine.length !== others.length || mine.some((at, index) => Math.abs(at - (others[index] ?? 0)) > 300);
}

function fires(at: number, scenario: string, names: string, severity = 'info'): readonly Step[] {
  return names.split(' ').map((name) => {
    const [job = '', alertname = ''] = name.split('/');
    return { at, labels: { scenario, job, alertname, severity } };
  });
}

function ends(at: number, scenario: string, names: string, severity = 'info'): readonly Step[] {
  return fires(at, scenario, names, severity).map((step) => ({ ...step, began: 0, ends: at }));
}

function alertOf({ labels, at, began = at, ends }: Step, start: number): PostedAlert {
  const endsAt = ends === undefined ? {} : { endsAt: new Date(start + ends * 1_000).toISOString() };
  return { labels, startsAt: new Date(start + began * 1_000).toISOString(), ...endsAt };
}

function alarmOf({ labels, at, began = at, ends }: Step, start: number): Alarm {
  return {
    fingerprint: fingerprintOf({ source: 'webhook', labels, text: '' }, 'Exact'),
    source: 'webhook',
    state: ends === at ? 'Resolved' : 'Firing',
    labels,
    annotations: {},
    startsAt: start + began * 1_000,
    endsAt: ends === undefined ? undefined : start + ends * 1_000,
    lastSeen: start + at * 1_000,
    count: 1,
    url: undefined,
  };
}

function rule(sendResolved: boolean): AlarmTerms {
  return terms({
    groupBy: ['scenario', 'job'],
    groupWait: '1s',
    groupInterval: '2s',
    repeatInterval: '5s',
    sendResolved,
    inhibit: [
      { source: [is('severity', 'critical')], target: [is('severity', 'warning')], equal: ['scenario'] },
      { source: [is('severity', 'twin')], target: [is('severity', 'twin')], equal: ['scenario'] },
    ],
  });
}

function configuration(webhook: string): string {
  return `
route:
  receiver: all
  group_by: [scenario, job]
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 5s
  routes:
    - receiver: firing
      matchers: ['scenario=~"firing only.*"']
inhibit_rules:
  - { source_matchers: [severity="critical"], target_matchers: [severity="warning"], equal: [scenario] }
  - { source_matchers: [severity="twin"], target_matchers: [severity="twin"], equal: [scenario] }
receivers:
  - name: all
    webhook_configs: [{ url: '${webhook}', send_resolved: true }]
  - name: firing
    webhook_configs: [{ url: '${webhook}', send_resolved: false }]
`;
}

function nameOf(groupLabels: Readonly<Record<string, string>>): string {
  return `${groupLabels.scenario}, ${groupLabels.job}`;
}

function namesOf<Row extends { readonly labels: Readonly<Record<string, string>> }>(
  rows: readonly Row[],
  fires: (row: Row) => boolean,
): readonly [string, string] {
  const names = (some: readonly Row[]) =>
    some
      .map(({ labels }) => labels.alertname)
      .sort()
      .join(' ');
  return [names(rows.filter(fires)), names(rows.filter((row) => !fires(row)))];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
