// Active groups as a table, as JSON, and what they wait for in words.
import type { AlarmGroupView, AlarmWait } from '../../alarms/alarm-book.ts';
import { timestamp } from '../../api/conditions.ts';
import { keyText } from '../../api/resource.ts';
import { kubectlAge } from '../kubectl-age.ts';
import { textTable } from '../text-table.ts';
import { labelsText } from './labels-text.ts';
import type { RuleView } from './rule-views.ts';

export function groupsTable(views: readonly RuleView[], now: number): string {
  const groups = views.flatMap(({ policy, rule, view }) => view.groups.map((group) => ({ policy, rule, group })));
  const held = views.filter(({ view }) => view.held > 0);
  const notes = [
    ...held.map((one) => `${ruleText(one)}: ${one.view.held} mails are held back by rateLimit.`),
    ...views.flatMap((one) => standingOf(one) ?? []),
  ];
  const table = textTable(
    ['RULE', 'GROUP', 'FIRING', 'RESOLVED', 'AGE', 'LAST TOLD', 'WAITS FOR'],
    groups.map(({ policy, rule, group }) => [
      `${keyText(policy)}/${rule.name}`,
      labelsText(group.labels) || '(all)',
      String(group.firing),
      String(group.resolved),
      kubectlAge(timestamp(group.beganAt), now),
      group.lastTold === undefined ? 'never' : `${kubectlAge(timestamp(group.lastTold), now)} ago`,
      group.waits.map(waitText).join(', '),
    ]),
  );
  const text = groups.length === 0 ? 'No alarm is active.\n' : table;
  return notes.length === 0 ? text : `${text}\n${notes.join('\n')}\n`;
}

export function groupsJson(views: readonly RuleView[]): string {
  const all = views.map((one) => ({
    policy: keyText(one.policy),
    rule: one.rule.name,
    firing: one.view.firing,
    resolved: one.view.resolved,
    held: one.view.held,
    note: standingOf(one) ?? null,
    groups: one.view.groups.map(groupJson),
  }));
  return `${JSON.stringify(all, null, 2)}\n`;
}

export function groupJson({ group, labels, state, firing, resolved, beganAt, lastTold, waits }: AlarmGroupView) {
  return {
    ...{ group, labels, state, firing, resolved },
    since: timestamp(beganAt),
    lastTold: lastTold === undefined ? null : timestamp(lastTold),
    waits: waits.map(waitJson),
  };
}

export function ruleText({ policy, rule }: Pick<RuleView, 'policy' | 'rule'>): string {
  return `${keyText(policy)}/${rule.name}`;
}

/** `GroupWait until 2026-11-24T10:00:30Z` */
export function waitText(wait: AlarmWait): string {
  switch (wait.kind) {
    case 'GroupWait':
    case 'GroupInterval':
    case 'QuietPeriod':
    case 'RateLimited':
      return `${wait.kind} until ${timestamp(wait.until)}`;
    case 'Repeat':
      return `Repeat at ${timestamp(wait.at)}`;
    case 'Inhibited':
      return `${wait.alarms} inhibited by ${labelsText(wait.by)}`;
  }
}

function waitJson(wait: AlarmWait) {
  switch (wait.kind) {
    case 'Inhibited':
      return wait;
    case 'Repeat':
      return { kind: wait.kind, at: timestamp(wait.at) };
    default:
      return { kind: wait.kind, until: timestamp(wait.until) };
  }
}

/** Undefined: mails are made. */
function standingOf(one: RuleView): string | undefined {
  if (one.spec.suspend) return `${ruleText(one)}: the policy is suspended, and no mail is made until it is resumed.`;
  if (one.spec.mode === 'DryRun') return `${ruleText(one)}: spec.mode is DryRun, and no mail is made.`;
  return undefined;
}
