// A CloudEvent 1.0 in structured mode. Its type and subject are the alarm's identity; its data is anybody's, and only
// what has the form of an alarm is taken from it.
import { isObject, type JsonObject, ownValue } from '../../api/json.ts';
import type { Labels } from '../../api/label-matcher.ts';
import { type Place, readAnnotations, readLabels, readText, readTime } from './alarm-fields.ts';
import { presentLabels } from './event-texts.ts';
import { memberPath } from './faults.ts';
import type { IncomingAlarm } from './incoming-alarm.ts';
import { textOf, withSeverity } from './own-payload.ts';
import { cut, longestAnnotation, oneLine, pageUrl, severalLines } from './safe-text.ts';

export function cloudEventAlarm(place: Place): IncomingAlarm {
  const { object, path, faults } = place;
  if (ownValue(object, 'specversion') !== '1.0') faults.add(memberPath(path, 'specversion'), 'must be "1.0"');
  const [type, source] = [required(place, 'type'), required(place, 'source')];
  required(place, 'id');
  const subject = readText(place, 'subject');
  const data = dataOf(place);
  const { labels, rest } = readLabels(data);
  const annotations = { ...saidIn(ownValue(object, 'data')), ...readAnnotations(data) };
  return {
    state: isResolved(object) || isResolved(data.object) ? 'Resolved' : 'Firing',
    labels: withSeverity({
      ...presentLabels({ alertname: type, source, subject, severity: severityOf(place) }),
      ...labels,
    }),
    annotations: { summary: cut(oneLine(`${type} of ${subject ?? source}`), longestAnnotation), ...annotations },
    text: rest || (subject === undefined && Object.keys(labels).length === 0 ? textOf(annotations) : ''),
    startsAt: readTime(place, 'time'),
    endsAt: undefined,
    count: 1,
    url: pageUrl(textIn(data.object, 'url') ?? ''),
  };
}

function required(place: Place, name: string): string {
  const text = readText(place, name);
  if (text === undefined) place.faults.add(memberPath(place.path, name), 'must be a string that is not empty');
  return text ?? '';
}

/** The extension attribute `severity`. */
function severityOf(place: Place): string | undefined {
  return readText(place, 'severity')?.toLowerCase();
}

/** Only labels and annotations that are objects are meant for us. */
function dataOf({ object, path, faults }: Place): Place {
  const data = ownValue(object, 'data');
  const taken = isObject(data) ? Object.entries(data).filter(([name, value]) => !isForeign(name, value)) : [];
  return { object: Object.fromEntries(taken), path: `${path}.data`, faults };
}

function isForeign(name: string, value: unknown): boolean {
  return (name === 'labels' || name === 'annotations') && !isObject(value);
}

/** The extension attribute or the data's field `status`; other words than these two are the sender's own. */
function isResolved(object: JsonObject): boolean {
  return ownValue(object, 'status') === 'resolved';
}

function saidIn(data: unknown): Labels {
  if (typeof data === 'string') return described(data);
  if (!isObject(data)) return {};
  const summary = textIn(data, 'summary');
  const description = textIn(data, 'description') ?? textIn(data, 'message');
  return {
    ...(summary === undefined ? {} : { summary: cut(oneLine(summary), longestAnnotation) }),
    ...(description === undefined ? {} : described(description)),
  };
}

function described(text: string): Labels {
  const description = cut(severalLines(text), longestAnnotation);
  return description === '' ? {} : { description };
}

function textIn(object: JsonObject, name: string): string | undefined {
  const value = ownValue(object, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
