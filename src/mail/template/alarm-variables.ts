// The variables of alarms' mails: a group, what waited through a quiet period, what a rate limit held back.
import { sampleData, type VariableTable } from './variable-table.ts';
import { anyMail, variable } from './variables.ts';

const labelMaps: VariableTable = {
  groupLabels: variable(
    'The labels of the group (`groupBy`), by name: `groupLabels.namespace`, `groupLabels["app.kubernetes.io/name"]`.',
    new Map([
      ['alertname', 'HighErrorRate'],
      ['namespace', 'shop'],
    ]),
  ),
  commonLabels: variable(
    'The labels that all of its alarms have with the same value, by name.',
    new Map([
      ['alertname', 'HighErrorRate'],
      ['namespace', 'shop'],
      ['severity', 'critical'],
      ['team', 'checkout'],
    ]),
  ),
};

/** What a rule's links are made from. */
export const linkVariables: VariableTable = {
  ...labelMaps,
  ruleName: variable('The name of the rule.', 'production'),
  policyName: variable('The name of the policy.', 'operations'),
};

const anyAlarm: VariableTable = {
  ruleName: variable('The name of the rule.', 'production'),
  policyName: variable('The name of the policy.', 'operations'),
  at: variable('When the mail was decided.', new Date('2026-11-24T09:05:00Z')),
  ...anyMail,
  recipientRole: variable(
    'Who is told: account (an administrator) or address (one of notify.addresses, or of the namespace).',
    'address',
  ),
};

const row: VariableTable = {
  name: variable(
    'What to call it here: its name (alertname, else reason); where all have the same, the labels that tell it from the others.',
    'pod=checkout-7d9f',
  ),
  labels: variable(
    'Its labels that are neither in the name nor common to all, separated by commas.',
    'instance=10.0.3.7',
  ),
  message: variable('Its summary and description, unless all have the same.', '7.2 % of requests fail'),
  severity: variable('Its label severity.', 'critical'),
  startsAt: variable('Since when it fires.', new Date('2026-11-24T08:58:00Z')),
  endsAt: variable('When it was over; empty while it fires.', null),
  lastSeen: variable('When it was last told.', new Date('2026-11-24T09:04:30Z')),
  count: variable('How often it happened, where its source counts; else 1.', 4),
  url: variable(
    'A page about it at its source, where it has one.',
    'https://prometheus.example.com/graph?g0.expr=errors',
  ),
};

const rowSample = sampleData(row);
const otherSample = {
  ...rowSample,
  ...{
    name: 'pod=checkout-8c41',
    message: '5.4 % of requests fail',
    count: 1,
    startsAt: new Date('2026-11-24T09:01:00Z'),
  },
};
const overSample = {
  ...rowSample,
  ...{ name: 'pod=checkout-2b77', message: '6.1 % of requests failed', endsAt: new Date('2026-11-24T09:03:00Z') },
};

function rows(meaning: string, sample: VariableTable[string]['sample'] = [rowSample, otherSample]) {
  return { meaning, fields: row, sample };
}

/** A group of alarms. */
export const alarmVariables: VariableTable = {
  status: variable(
    'The state at a glance: `FIRING 3, critical`, or `RESOLVED`; where the title does not name the alarm, its name too.',
    'FIRING 2, critical',
  ),
  title: variable(
    'What and where, from the labels of the group; the same in every mail about it, so that mail programs keep them together.',
    'HighErrorRate in shop',
  ),
  state: variable('Firing as long as one of its alarms does, then Resolved.', 'Firing'),
  reason: variable('Why now: First, NewAlarms, SomeResolved, AllResolved or Repeat.', 'NewAlarms'),
  severity: variable('The worst severity of those that fire; empty without the label.', 'critical'),
  firing: variable('How many fire.', 2),
  resolved: variable('How many are over since the mail before.', 1),
  summary: variable('The summary that all of them have.', 'The shop answers with too many errors'),
  description: variable('The description that all of them have.', 'More than 5 % of requests failed for 5 minutes.'),
  ...labelMaps,
  commonAnnotations: variable(
    'The annotations that all of its alarms have with the same value, by name.',
    new Map([['summary', 'The shop answers with too many errors']]),
  ),
  labels: {
    meaning: 'The common labels, to be shown one by one; a list.',
    fields: { name: variable('Its name.', 'team'), value: variable('Its value.', 'checkout') },
    sample: [
      { name: 'alertname', value: 'HighErrorRate' },
      { name: 'namespace', value: 'shop' },
      { name: 'severity', value: 'critical' },
      { name: 'team', value: 'checkout' },
    ],
  },
  links: {
    meaning: "The rule's links, then the alarms' runbooks and dashboards; a list.",
    fields: {
      name: variable('What it is called.', 'Logs'),
      url: variable('Where it leads: http or https.', 'https://logs.example.com/?namespace=shop'),
    },
    sample: [
      { name: 'Logs', url: 'https://logs.example.com/?namespace=shop' },
      { name: 'Runbook', url: 'https://runbooks.example.com/HighErrorRate' },
    ],
  },
  brokenLinks: variable('The names of links that were left out, since they are no http or https URL.', ''),
  firingAlarms: rows('Those that fire, the oldest first; a list.'),
  resolvedAlarms: rows('Those that are over, the oldest first; a list.', [overSample]),
  more: variable('How many there are besides those listed.', 0),
  ...anyAlarm,
};

/** After a quiet period. */
export const alarmDigestVariables: VariableTable = {
  from: variable('When the quiet period began.', new Date('2026-11-23T21:00:00Z')),
  until: variable('When it ended.', new Date('2026-11-24T05:00:00Z')),
  stillFiring: variable('How many that began in it still fire.', 2),
  cameAndWent: variable('How many began and ended in it.', 1),
  severity: variable('The worst severity of those that still fire; empty without the label.', 'critical'),
  stillFiringAlarms: rows('Those that still fire, the oldest first; a list.'),
  cameAndWentAlarms: rows('Those that began and ended, the oldest first; a list.', [overSample]),
  more: variable('How many there are besides those listed.', 0),
  ...anyAlarm,
};

/** Past the rate limit. */
export const heldBackVariables: VariableTable = {
  from: variable('When the first of them was held back.', new Date('2026-11-24T08:00:00Z')),
  until: variable('When the last of them was held back.', new Date('2026-11-24T09:00:00Z')),
  heldBack: variable('How many mails were held back.', 12),
  groups: {
    meaning: 'The groups that they were about; a list.',
    fields: {
      title: variable('As in a mail about the group.', 'HighErrorRate in shop'),
      state: variable('Firing or Resolved, as it is now.', 'Firing'),
      firing: variable('How many fire.', 3),
      resolved: variable('How many are over.', 0),
      heldBack: variable('How many mails about it were held back.', 7),
    },
    sample: [
      { title: 'HighErrorRate in shop', state: 'Firing', firing: 3, resolved: 0, heldBack: 7 },
      { title: 'BackOff in billing', state: 'Resolved', firing: 0, resolved: 2, heldBack: 5 },
    ],
  },
  more: variable('How many of those mails were about groups that are not listed.', 0),
  ...anyAlarm,
};
