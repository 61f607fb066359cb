// Alertmanager's webhook, version 4 (its documentation, `webhook_config`).
import { isObject, ownValue } from '../../api/json.ts';
import { type Place, readAnnotations, readLabels, readText, readTime } from './alarm-fields.ts';
import { memberPath } from './faults.ts';
import type { IncomingAlarm } from './incoming-alarm.ts';
import { listOf } from './list-of.ts';
import { noted } from './noted.ts';
import { pageUrl } from './safe-text.ts';

export function alertmanagerAlarms(place: Place): readonly IncomingAlarm[] {
  const { object, path, faults } = place;
  if (ownValue(object, 'version') !== '4') {
    faults.add(memberPath(path, 'version'), 'must be "4", the version that Alertmanager sends');
    return [];
  }
  const external = pageUrl(readText(place, 'externalURL') ?? '');
  const alarms = listOf(place, 'alerts', (alert) => alarmOf(alert, external));
  const [first, ...others] = alarms;
  const leftOut = truncated(place);
  if (first === undefined || leftOut === 0) return alarms;
  return [noted(first, `Alertmanager left out ${leftOut} more alerts (max_alerts)`), ...others];
}

/** Its labels are its identity: texts of the same alert differ with each value. */
function alarmOf(place: Place, external: string | undefined): IncomingAlarm {
  const status = readText(place, 'status');
  if (status !== 'firing' && status !== 'resolved') {
    place.faults.add(memberPath(place.path, 'status'), 'must be "firing" or "resolved"');
  }
  if (!isObject(ownValue(place.object, 'labels'))) {
    place.faults.add(memberPath(place.path, 'labels'), 'must be an object of strings');
  }
  const { labels, rest } = readLabels(place);
  return {
    state: status === 'resolved' ? 'Resolved' : 'Firing',
    labels,
    annotations: readAnnotations(place),
    text: rest,
    startsAt: readTime(place, 'startsAt'),
    endsAt: readTime(place, 'endsAt'),
    count: 1,
    url: pageUrl(readText(place, 'generatorURL') ?? '') ?? external,
  };
}

function truncated({ object, path, faults }: Place): number {
  const value = ownValue(object, 'truncatedAlerts') ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  faults.add(memberPath(path, 'truncatedAlerts'), 'must be a number of alerts');
  return 0;
}
