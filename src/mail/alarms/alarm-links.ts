// The links of an alarm's mail: the rule's own, then the runbooks and dashboards that the alarms name; a page of its own has each row.
import { linkVariables } from '../template/alarm-variables.ts';
import { renderLink, webLink } from '../template/link-template.ts';
import type { TemplateData } from '../template/variable-table.ts';
import type { ShownAlarm } from './alarm-rows.ts';
import { shownText } from './shown-text.ts';

export interface RuleLink {
  readonly name: string;
  /** A template. */
  readonly url: string;
}

export interface Links {
  readonly links: readonly { readonly name: string; readonly url: string }[];
  /** The names of those that would lead nowhere. */
  readonly broken: readonly string[];
}

export interface LinkSource {
  readonly links: readonly RuleLink[];
  /** `linkVariables`. */
  readonly data: TemplateData;
  readonly alarms: readonly ShownAlarm[];
}

export function alarmLinks({ links, data, alarms }: LinkSource): Links {
  const own = links.map(({ name, url }) => ({ name: shownText(name, 80), url: renderLink(url, data, linkVariables) }));
  const named = [...annotated(alarms, 'runbook_url', 'Runbook'), ...annotated(alarms, 'dashboard_url', 'Dashboard')];
  const usable = [...own, ...named].flatMap(({ name, url }) => (url === undefined ? [] : { name, url }));
  return {
    links: usable.filter(({ url }, index) => usable.findIndex((other) => other.url === url) === index),
    broken: own.flatMap(({ name, url }) => (url === undefined ? name : [])),
  };
}

const longest = 600;
/** One of each kind of alarm; more are no help at a glance. */
const mostAlike = 3;

function annotated(alarms: readonly ShownAlarm[], annotation: string, name: string) {
  const urls = alarms.flatMap(({ annotations }) =>
    Object.hasOwn(annotations, annotation) ? (webLink(annotations[annotation], longest) ?? []) : [],
  );
  const unlike = [...new Set(urls)].slice(0, mostAlike);
  return unlike.map((url, index) => ({ name: unlike.length === 1 ? name : `${name} ${index + 1}`, url }));
}
