// Records an Event of events.k8s.io/v1 in the object's own namespace, where `kubectl describe` finds it.
import type { Key } from '../../api/resource.ts';
import type { StoreProblem } from '../store.ts';
import type { StoredObject } from '../stored-object.ts';
import type { ApiClient, ApiResult } from './api-client.ts';
import type { CustomResource } from './custom-resource.ts';
import { microTime } from './micro-time.ts';

export interface EventSource {
  readonly client: Pick<ApiClient, 'call'>;
  /** This replica's name. */
  readonly identity: string;
  readonly now: () => number;
  readonly problem: (problem: StoreProblem) => void;
}

export interface ObjectEvent {
  readonly regarding: ObjectReference;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

/** The part of v1.ObjectReference that `kubectl describe` looks for. */
export interface ObjectReference extends Key {
  readonly apiVersion: string;
  readonly kind: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

const noteLimit = 1_024;

/** One that cannot be recorded is a problem of the store, not of its caller. */
export async function recordEvent(source: EventSource, event: ObjectEvent): Promise<void> {
  const result = await create(source, event);
  const subject = `create events in namespace ${event.regarding.namespace}`;
  source.problem({ subject, message: result.kind === 'ok' ? undefined : `cannot ${subject}: ${result.message}` });
}

export function referenceTo({ apiVersion, kind }: CustomResource, object: StoredObject<unknown>): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return { apiVersion, kind, namespace, name, uid, resourceVersion };
}

function create({ client, identity, now }: EventSource, event: ObjectEvent): Promise<ApiResult> {
  const { namespace, name } = event.regarding;
  return client.call({
    method: 'POST',
    path: `/apis/events.k8s.io/v1/namespaces/${namespace}/events`,
    body: {
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { namespace, generateName: `${name}-` },
      eventTime: microTime(now()),
      reportingController: 'relaykeeper.dev/relaykeeper',
      reportingInstance: identity.slice(0, 128),
      regarding: event.regarding,
      type: event.type,
      reason: event.reason,
      action: event.action,
      note: atMost(noteLimit, event.note),
    },
  });
}

/** Cut to so many bytes of UTF-8, never within a character. */
function atMost(bytes: number, text: string): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const ellipsis = '…';
  const cut = Buffer.from(text).subarray(0, bytes - Buffer.byteLength(ellipsis));
  // A character cut in two decodes to U+FFFD, which is as long as what it stands for, or longer.
  return cut.toString('utf8').replace(/\uFFFD+$/, '') + ellipsis;
}
