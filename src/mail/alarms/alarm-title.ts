// A subject's two halves: the state, in brackets, changes from mail to mail; the title after it never does in a thread.
// Gmail and RFC 5256 §2.1 leave a prefix in brackets out when they compare subjects, so that a thread stays one.
import { shownText } from './shown-text.ts';

type Labels = Readonly<Record<string, string>>;

/** What and where: `HighErrorRate in shop (service=checkout)`. From the group's labels alone, which stay. */
export function groupTitle(groupLabels: Labels, ruleName: string): string {
  const labels = new Map(Object.entries(groupLabels).filter(([, value]) => value !== ''));
  const what = taken(labels, nameLabels) ?? ruleName;
  const where = taken(labels, placeLabels);
  labels.delete(severityLabel);
  const others = [...labels].sort(([one], [other]) => (one < other ? -1 : 1));
  const rest = others.map(([name, value]) => `${shownText(name, 40)}=${shownText(value, 40)}`).join(', ');
  return shownText(`${what}${where ? ` in ${where}` : ''}${rest ? ` (${rest})` : ''}`, 150);
}

/** Undefined where no label names the alarm. */
export function alarmName(labels: Labels): string | undefined {
  const name = nameLabels.map((label) => own(labels, label)).find((value) => value);
  return name === undefined ? undefined : shownText(name, 120) || undefined;
}

export interface Status {
  readonly state: 'Firing' | 'Resolved';
  readonly firing: number;
  readonly severity: string | undefined;
  /** Told where the title does not. */
  readonly name: string | undefined;
}

/** Stable words, in every language: mail filters go by them. */
export function statusText({ state, firing, severity, name }: Status): string {
  const parts = [state === 'Firing' ? `FIRING ${firing}` : 'RESOLVED', severity, name];
  return parts.flatMap((part) => (part ? inBrackets(part) || [] : [])).join(', ');
}

const severityLabel = 'severity';
export const nameLabels: readonly string[] = ['alertname', 'reason'];
const placeLabels: readonly string[] = ['namespace', 'cluster', 'instance', 'node', 'host', 'job', 'service'];

/** Urgent ones first, then the others as Alertmanager's users rank them; what is not known stands last. */
const severities: readonly string[] = [
  ...['emergency', 'fatal', 'critical', 'page'],
  ...['error', 'high', 'major', 'warning', 'medium', 'minor', 'low', 'info', 'none'],
];
const urgentSeverities: ReadonlySet<string> = new Set(severities.slice(0, 4));

/** As it is written in the label. */
export function worstSeverity(all: readonly Labels[]): string | undefined {
  const found = all.flatMap((labels) => shownText(own(labels, severityLabel) ?? '', 24) || []);
  return [...new Set(found)].sort((one, other) => rank(one) - rank(other))[0];
}

export function isUrgent(severity: string | undefined): boolean {
  return severity !== undefined && urgentSeverities.has(severity.toLowerCase());
}

function rank(severity: string): number {
  const place = severities.indexOf(severity.toLowerCase());
  return place < 0 ? severities.length : place;
}

function taken(labels: Map<string, string>, names: readonly string[]): string | undefined {
  const name = names.find((candidate) => labels.has(candidate));
  if (name === undefined) return undefined;
  const value = shownText(labels.get(name) ?? '', 80);
  labels.delete(name);
  return value || undefined;
}

/** A bracket inside would end the prefix. */
function inBrackets(text: string): string {
  return shownText(text.replace(/[[\]]+/g, ' '), 60);
}

function own(labels: Labels, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
