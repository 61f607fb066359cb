// Our own small form: `{"alarms": [{labels, annotations, status, startsAt, endsAt, count, url}]}`, or one such object.
// Its fields are known, so that a typing error is told and not left out.
import { ownValue } from '../../api/json.ts';
import type { Labels } from '../../api/label-matcher.ts';
import { type Place, readAnnotations, readLabels, readText, readTime } from './alarm-fields.ts';
import { memberPath } from './faults.ts';
import type { IncomingAlarm } from './incoming-alarm.ts';
import { listOf } from './list-of.ts';
import { pageUrl } from './safe-text.ts';

export function ownAlarms(place: Place): readonly IncomingAlarm[] {
  if (!Object.hasOwn(place.object, 'alarms')) return [ownAlarm(place)];
  unknownFields(place, ['alarms']);
  return listOf(place, 'alarms', ownAlarm);
}

const fields = ['labels', 'annotations', 'status', 'startsAt', 'endsAt', 'count', 'url'];

function ownAlarm(place: Place): IncomingAlarm {
  unknownFields(place, fields);
  const status = readText(place, 'status') ?? 'firing';
  if (status !== 'firing' && status !== 'resolved') {
    place.faults.add(memberPath(place.path, 'status'), 'must be "firing" or "resolved"');
  }
  const { labels, rest } = readLabels(place);
  const annotations = readAnnotations(place);
  if (Object.keys(labels).length + Object.keys(annotations).length === 0) {
    place.faults.add(place.path, 'must have labels or annotations');
  }
  return {
    state: status === 'resolved' ? 'Resolved' : 'Firing',
    labels: withSeverity(labels),
    annotations,
    // A name and labels tell alarms apart; one without a name is told apart by what it says.
    text: rest || (Object.hasOwn(labels, 'alertname') ? '' : textOf(annotations)),
    startsAt: readTime(place, 'startsAt'),
    endsAt: readTime(place, 'endsAt'),
    count: readCount(place),
    url: pageUrl(readText(place, 'url') ?? ''),
  };
}

export function withSeverity(labels: Labels): Labels {
  return { severity: 'warning', ...labels };
}

export function textOf(annotations: Labels): string {
  const name = ['summary', 'description', 'message'].find((candidate) => Object.hasOwn(annotations, candidate));
  return name === undefined ? '' : (annotations[name] ?? '');
}

function readCount({ object, path, faults }: Place): number {
  const value = ownValue(object, 'count') ?? 1;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  faults.add(memberPath(path, 'count'), 'must be a whole number, 1 at least');
  return 1;
}

function unknownFields({ object, path, faults }: Place, known: readonly string[]): void {
  const unknown = Object.keys(object).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    faults.add(memberPath(path, unknown), `is no field of an alarm; there are ${known.join(', ')}`);
  }
}
