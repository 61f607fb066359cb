// The alarms of one body, up to the first fault.
import { isObject, ownValue } from '../../api/json.ts';
import type { Place } from './alarm-fields.ts';
import { memberPath } from './faults.ts';
import type { IncomingAlarm } from './incoming-alarm.ts';

const mostAlarms = 20_000;

export function listOf(
  { object, path, faults }: Place,
  name: string,
  read: (place: Place) => IncomingAlarm,
): readonly IncomingAlarm[] {
  const here = memberPath(path, name);
  const list = ownValue(object, name);
  if (!Array.isArray(list)) {
    faults.add(here, 'must be a list');
    return [];
  }
  if (list.length > mostAlarms) {
    faults.add(here, `must have at most ${mostAlarms} alarms, not ${list.length}: send them in several requests`);
    return [];
  }
  const alarms: IncomingAlarm[] = [];
  for (const [index, item] of list.entries()) {
    if (isObject(item)) alarms.push(read({ object: item, path: `${here}[${index}]`, faults }));
    else faults.add(`${here}[${index}]`, 'must be an object');
    if (faults.first()) break;
  }
  return alarms;
}
