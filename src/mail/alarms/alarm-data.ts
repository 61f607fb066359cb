// What an alarm rule's mail says, as the variables of its template.
import type { RecipientRole } from '../builtin/mail-data.ts';
import type { TemplateData } from '../template/variable-table.ts';
import { alarmLinks, type RuleLink } from './alarm-links.ts';
import { alarmRows, type ShownAlarm } from './alarm-rows.ts';
import { alarmName, groupTitle, isUrgent, statusText, worstSeverity } from './alarm-title.ts';
import { fittingText, mailRoom, shownText } from './shown-text.ts';

type Texts = Readonly<Record<string, string>>;
type State = 'Firing' | 'Resolved';

export interface AnyAlarmMail {
  readonly ruleName: string;
  readonly policyName: string;
  /** The rule's, as templates. */
  readonly links: readonly RuleLink[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly recipientRole: RecipientRole;
  readonly senderName: string | undefined;
  readonly timeZone: string;
}

export interface AlarmMail {
  readonly kind: 'alarm' | 'alarmDigest' | 'heldBack';
  readonly data: TemplateData;
  /** The subject without its state: the same in every mail of a thread. */
  readonly topic: string;
  /** Something critical fires. */
  readonly urgent: boolean;
}

export interface GroupMail extends AnyAlarmMail {
  readonly reason: string;
  readonly state: State;
  readonly groupLabels: Texts;
  readonly commonLabels: Texts;
  readonly commonAnnotations: Texts;
  readonly firing: number;
  readonly resolved: number;
  readonly alarms: readonly (ShownAlarm & { readonly state: State })[];
}

export function alarmGroupData(mail: GroupMail): AlarmMail {
  const { state, firing, resolved, groupLabels, commonLabels, commonAnnotations, ruleName, policyName } = mail;
  const severity = state === 'Firing' ? worstSeverity(firingOf(mail).map(({ labels }) => labels)) : undefined;
  const topic = groupTitle(groupLabels, ruleName);
  const name = alarmName(groupLabels) === undefined ? alarmName(commonLabels) : undefined;
  const maps = { groupLabels: shownMap(groupLabels), commonLabels: shownMap(commonLabels) };
  const { links, broken } = alarmLinks({ ...mail, data: { ...maps, ruleName, policyName } });
  const head = {
    summary: fittingText(text(commonAnnotations, ['summary', 'message']), 1_200),
    description: fittingText(text(commonAnnotations, ['description']), 4_000),
    labels: shownLabels(commonLabels),
    links,
  };
  return {
    kind: 'alarm',
    data: {
      ...anyData(mail),
      ...maps,
      ...head,
      ...{ title: topic, status: statusText({ state, firing, severity, name }) },
      ...{ state, reason: mail.reason, severity: severity ?? '', firing, resolved },
      commonAnnotations: shownMap(commonAnnotations),
      brokenLinks: broken.join(', '),
      ...groupRows(mail, mailBudget - headRoom(head) - 3 * mailRoom(topic)),
    },
    topic,
    urgent: isUrgent(severity),
  };
}

export interface DigestMail extends AnyAlarmMail {
  readonly from: number;
  readonly until: number;
  readonly stillFiring: number;
  readonly cameAndWent: number;
  readonly stillFiringAlarms: readonly ShownAlarm[];
  readonly cameAndWentAlarms: readonly ShownAlarm[];
}

export function alarmDigestData(mail: DigestMail): AlarmMail {
  const { from, until, stillFiring, cameAndWent, stillFiringAlarms, cameAndWentAlarms, ruleName } = mail;
  const severity = worstSeverity(stillFiringAlarms.map(({ labels }) => labels));
  const shared = { labels: {}, annotations: {}, ruleName };
  const { first, second } = alarmRows([stillFiringAlarms, cameAndWentAlarms], shared, mailBudget);
  return {
    kind: 'alarmDigest',
    data: {
      ...anyData(mail),
      ...{ from: new Date(from), until: new Date(until), stillFiring, cameAndWent, severity: severity ?? '' },
      stillFiringAlarms: first,
      cameAndWentAlarms: second,
      more: stillFiring + cameAndWent - first.length - second.length,
    },
    topic: ruleName,
    urgent: isUrgent(severity),
  };
}

export interface HeldBackMail extends AnyAlarmMail {
  readonly from: number;
  readonly until: number;
  readonly heldBack: number;
  readonly groups: readonly {
    readonly groupLabels: Texts;
    readonly state: State;
    readonly firing: number;
    readonly resolved: number;
    readonly heldBack: number;
  }[];
}

export function heldBackData(mail: HeldBackMail): AlarmMail {
  const { from, until, heldBack, groups, ruleName } = mail;
  const listed = groups.reduce((sum, group) => sum + group.heldBack, 0);
  return {
    kind: 'heldBack',
    data: {
      ...anyData(mail),
      ...{ from: new Date(from), until: new Date(until), heldBack, more: heldBack - listed },
      groups: groups.map(({ groupLabels, ...group }) => ({ ...group, title: groupTitle(groupLabels, ruleName) })),
    },
    topic: ruleName,
    urgent: false,
  };
}

/** Gmail cuts a mail off at 102 KiB; what is missing to that stands in every mail. */
const mailBudget = 88_000;
/** Without their texts. */
const labelRoom = 780;
const linkRoom = 200;

function firingOf({ alarms }: GroupMail) {
  return alarms.filter(({ state }) => state === 'Firing');
}

function groupRows(mail: GroupMail, room: number): TemplateData {
  const over = mail.alarms.filter(({ state }) => state === 'Resolved');
  const shared = { labels: mail.commonLabels, annotations: mail.commonAnnotations, ruleName: mail.ruleName };
  const { first, second } = alarmRows([firingOf(mail), over], shared, room);
  return {
    firingAlarms: first,
    resolvedAlarms: second,
    more: mail.firing + mail.resolved - first.length - second.length,
  };
}

type Head = Pick<TemplateData, 'summary' | 'description'> & {
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly links: readonly { readonly name: string; readonly url: string }[];
};

function headRoom({ summary, description, labels, links }: Head): number {
  const texts = [
    ...[summary, description].map((value) => String(value ?? '')),
    ...labels.flatMap(({ name, value }) => [name, value]),
    ...links.flatMap(({ name, url }) => [name, url]),
  ];
  return texts.reduce((sum, one) => sum + mailRoom(one), labels.length * labelRoom + links.length * linkRoom);
}

/** An event can have dozens; the first tell which it is, a template has them all. */
const mostLabels = 16;

function shownLabels(labels: Texts) {
  const entries = Object.entries(labels).filter(([, value]) => value !== '');
  const sorted = entries.sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, mostLabels);
  return sorted.map(([name, value]) => ({
    name: fittingText(shownText(name, 80), 240),
    value: fittingText(shownText(value, 200), 600),
  }));
}

function shownMap(texts: Texts): ReadonlyMap<string, string> {
  return new Map(Object.entries(texts).map(([name, value]) => [name, shownText(value, 1_000)]));
}

function text(annotations: Texts, names: readonly string[]): string {
  const name = names.find((candidate) => Object.hasOwn(annotations, candidate));
  return name === undefined ? '' : shownText(annotations[name] ?? '', 2_000);
}

function anyData({ ruleName, policyName, at, recipientRole, senderName, timeZone }: AnyAlarmMail): TemplateData {
  return { ruleName, policyName, at: new Date(at), recipientRole, senderName: senderName ?? null, timeZone };
}
