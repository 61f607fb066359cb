// What a webhook's sender posts: Alertmanager's webhook version 4, a CloudEvent 1.0, or our own small form.
import { isObject, type JsonObject } from '../../api/json.ts';
import type { Place } from './alarm-fields.ts';
import { alertmanagerAlarms } from './alertmanager-payload.ts';
import { cloudEventAlarm } from './cloud-event-payload.ts';
import { createFaults } from './faults.ts';
import type { IncomingAlarm, ParsedPayload } from './incoming-alarm.ts';
import { jsonFault } from './json-fault.ts';
import { deepest, isTooDeep } from './nesting.ts';
import { ownAlarms } from './own-payload.ts';

export type PayloadForm = 'json' | 'cloudEvent';

/** Undefined for a content type that cannot be read here. */
export function payloadForm(contentType: string | undefined): PayloadForm | undefined {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  // RFC 8259 §8.1: there is no other encoding of JSON.
  if (charset !== undefined && !['utf-8', '"utf-8"', 'utf8'].includes(charset)) return undefined;
  if (type === 'application/json') return 'json';
  return type === 'application/cloudevents+json' ? 'cloudEvent' : undefined;
}

/** Of a name that is there twice the last one counts, as with Go and JavaScript. */
export function parsePayload(body: Buffer, form: PayloadForm): ParsedPayload {
  const text = decode(body);
  if (text === undefined) return { kind: 'refused', path: '$', message: 'must be UTF-8' };
  if (isTooDeep(body)) {
    return { kind: 'refused', path: '$', message: `must be nested ${deepest} levels deep at most` };
  }
  const parsed = parse(text);
  if (parsed.kind === 'refused') return parsed;
  if (!isObject(parsed.value)) return { kind: 'refused', path: '$', message: 'must be an object' };
  const faults = createFaults();
  const alarms = alarmsOf({ object: parsed.value, path: '$', faults }, form);
  return faults.first() ?? { kind: 'alarms', alarms };
}

function alarmsOf(place: Place, form: PayloadForm): readonly IncomingAlarm[] {
  const has = (name: string) => Object.hasOwn(place.object, name);
  if (form === 'cloudEvent' || has('specversion')) return [cloudEventAlarm(place)];
  if (has('alerts') || has('version')) return alertmanagerAlarms(place);
  if (isOwn(place.object)) return ownAlarms(place);
  place.faults.add('$', "must be Alertmanager's webhook (version, alerts), a CloudEvent (specversion) or alarms");
  return [];
}

function isOwn(object: JsonObject): boolean {
  return ['alarms', 'labels', 'annotations'].some((name) => Object.hasOwn(object, name));
}

function decode(body: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    // TypeError is how it says that these bytes are no UTF-8.
    return undefined;
  }
}

function parse(
  text: string,
): { readonly kind: 'value'; readonly value: unknown } | Extract<ParsedPayload, { kind: 'refused' }> {
  try {
    return { kind: 'value', value: JSON.parse(text) };
  } catch {
    // SyntaxError quotes the text, and does not always say where.
    return { kind: 'refused', path: '$', message: `must be JSON; ${jsonFault(text)}` };
  }
}
