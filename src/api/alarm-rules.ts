// What is wrong with alarm rules and quiet periods that CEL cannot say: durations, schedules, selectors, expressions, links.
import { parseDuration } from './duration.ts';
import { apiVersionFault, durationFault, fault, templateViolations, waitFault } from './field-faults.ts';
import { childPath } from './field-path.ts';
import { expressionFault } from './label-matcher.ts';
import type { AlarmMatcher, AlarmRule, NotificationPolicySpec, QuietPeriod } from './notification-policy.ts';
import { scheduleFault } from './schedule/cron-expression.ts';
import { timeZoneFault } from './time-zone.ts';
import { goQuote } from './validation/go-text.ts';
import { qualifiedNameFaults } from './validation/names.ts';
import { selectorViolations } from './validation/selector.ts';
import type { Violation } from './violation.ts';

type PolicyAlarms = Pick<NotificationPolicySpec, 'alarms' | 'quietPeriods' | 'deliverWithin'>;

export function alarmViolations({ alarms = [], quietPeriods = [], deliverWithin }: PolicyAlarms): readonly Violation[] {
  return [
    ...fault('spec.deliverWithin.alarms', deliverWithin.alarms, durationFault),
    ...quietPeriods.flatMap((period, index) => quietViolations(period, `spec.quietPeriods[${index}]`)),
    ...alarms.flatMap((rule, index) => ruleViolations(rule, `spec.alarms[${index}]`)),
  ];
}

function quietViolations({ schedule, duration, timeZone, except }: QuietPeriod, path: string): Violation[] {
  return [
    ...fault(`${path}.schedule`, schedule, scheduleFault),
    ...fault(`${path}.duration`, duration, quietDurationFault),
    ...fault(`${path}.timeZone`, timeZone, timeZoneFault),
    ...matcherViolations(except, `${path}.except`),
  ];
}

function ruleViolations(rule: AlarmRule, path: string): Violation[] {
  const { namespaceAnnotation } = rule.notify;
  return [
    ...sourceViolations(rule.sources, `${path}.sources`),
    ...matcherViolations(rule.match, `${path}.match`),
    ...groupViolations(rule, path),
    ...(rule.inhibit ?? []).flatMap((one, index) => inhibitViolations(one, `${path}.inhibit[${index}]`)),
    ...fault(`${path}.rateLimit.per`, rule.rateLimit?.per, durationFault),
    ...(rule.links ?? []).flatMap(({ url }, index) => fault(`${path}.links[${index}].url`, url, linkFault)),
    ...fault(`${path}.timeZone`, rule.timeZone, timeZoneFault),
    ...fault(`${path}.notify.namespaceAnnotation`, namespaceAnnotation, (name) => qualifiedNameFaults(name)[0]),
    ...templateViolations(rule.template, `${path}.template`),
  ];
}

function sourceViolations({ kubernetesEvents, resourceConditions = [], webhook }: AlarmRule['sources'], path: string) {
  const events = `${path}.kubernetesEvents`;
  return [
    ...selectorViolations(kubernetesEvents?.namespaceSelector, `${events}.namespaceSelector`),
    ...fault(`${events}.after.within`, kubernetesEvents?.after?.within, durationFault),
    ...fault(`${events}.resolveAfter`, kubernetesEvents?.resolveAfter, durationFault),
    ...resourceConditions.flatMap((part, index) => conditionViolations(part, `${path}.resourceConditions[${index}]`)),
    ...fault(`${path}.webhook.resolveAfter`, webhook?.resolveAfter, durationFault),
  ];
}

type ConditionSource = NonNullable<AlarmRule['sources']['resourceConditions']>[number];

function conditionViolations(part: ConditionSource, path: string): Violation[] {
  return [
    ...fault(`${path}.apiVersion`, part.apiVersion, apiVersionFault),
    ...fault(`${path}.for`, part.for, waitFault),
    ...selectorViolations(part.selector, `${path}.selector`),
    ...selectorViolations(part.namespaceSelector, `${path}.namespaceSelector`),
  ];
}

function groupViolations({ groupBy = [], groupWait, groupInterval, repeatInterval }: AlarmRule, path: string) {
  return [
    ...groupBy.flatMap((name, index) => fault(`${path}.groupBy[${index}]`, name, labelNameFault)),
    ...allLabelsAndMore(groupBy, `${path}.groupBy`),
    ...fault(`${path}.groupWait`, groupWait, waitFault),
    ...fault(`${path}.groupInterval`, groupInterval, durationFault),
    ...fault(`${path}.repeatInterval`, repeatInterval, durationFault),
    ...repeatTooShort(groupInterval, repeatInterval, `${path}.repeatInterval`),
  ];
}

function allLabelsAndMore(groupBy: readonly string[], fieldPath: string): Violation[] {
  if (!groupBy.includes('...') || groupBy.length === 1) return [];
  return [combination(fieldPath, '"..." is every label, and goes alone')];
}

/** A group is looked at each groupInterval: what repeats more often would silently repeat less often. */
function repeatTooShort(groupInterval: string, repeatInterval: string, fieldPath: string): Violation[] {
  const [interval, repeat] = [parseDuration(groupInterval), parseDuration(repeatInterval)];
  if (!interval || !repeat || repeat >= interval) return [];
  const found = `${goQuote(repeatInterval)}: must not be shorter than groupInterval, which is ${groupInterval}`;
  return [combination(fieldPath, found)];
}

function inhibitViolations({ source, target, equal }: NonNullable<AlarmRule['inhibit']>[number], path: string) {
  return [
    ...matchesAll(source, `${path}.source`),
    ...matchesAll(target, `${path}.target`),
    ...matcherViolations(source, `${path}.source`),
    ...matcherViolations(target, `${path}.target`),
    ...(equal ?? []).flatMap((name, index) => fault(`${path}.equal[${index}]`, name, labelNameFault)),
  ];
}

function matchesAll(matchers: readonly AlarmMatcher[], fieldPath: string): Violation[] {
  return matchers.length > 0 ? [] : [combination(fieldPath, 'every alarm would match; set at least one requirement')];
}

function matcherViolations(matchers: readonly AlarmMatcher[] | undefined, path: string): Violation[] {
  return (matchers ?? []).flatMap(({ key, operator, values = [] }, index) => {
    const here = childPath(path, index);
    const judge = operator === 'Matches' || operator === 'NotMatches' ? re2Fault : () => undefined;
    return [
      ...fault(`${here}.key`, key, labelNameFault),
      ...values.flatMap((value, at) => fault(`${here}.values[${at}]`, value, judge)),
    ];
  });
}

function re2Fault(expression: string): string | undefined {
  const found = expressionFault(expression);
  return found === undefined ? undefined : `must be an RE2 expression; ${found}`;
}

/** Labels of alarms are one line each (Prometheus allows any UTF-8 in a name). */
function labelNameFault(name: string): string | undefined {
  const isOne = name.trim() === name && name !== '' && !/[\p{Cc}\u2028\u2029]/u.test(name);
  return isOne ? undefined : "must be a label's name: one line without blanks at its ends";
}

const longestQuiet = 7 * 86_400_000;

function quietDurationFault(text: string): string | undefined {
  const found = parseDuration(text);
  return found && found <= longestQuiet ? undefined : 'must be longer than nothing, and 7 days at most';
}

/** What a template makes is seen when it is rendered; what stands around it has to be the rest of a URL. */
function linkFault(template: string): string | undefined {
  const filled = template.trim().replace(/\{\{.*?\}\}|\{%.*?%\}/gs, '1');
  // One that begins with a variable may have its scheme in it.
  const url = /^\{[{%]/.test(template.trim()) ? `https://example.com/${filled}` : filled;
  const isPage = /^https?:\/\//i.test(url) && URL.canParse(url);
  return isPage
    ? undefined
    : 'must make an https or http URL, such as https://runbooks.example.com/{{ commonLabels.alertname }}';
}

function combination(fieldPath: string, message: string): Violation {
  return { reason: 'CombinationInvalid', fieldPath, message: `Invalid value: ${message}` };
}
