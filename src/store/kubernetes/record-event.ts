// Records a transition as an Event of events.k8s.io/v1, in the relay's namespace, where `kubectl describe` finds it.
import { relayApiVersion, relayKind } from '../../api/smtp-relay.ts';
import type { TransitionEvent } from '../store.ts';
import type { ApiClient, ApiResult } from './api-client.ts';
import { microTime } from './micro-time.ts';

export interface EventSource {
  readonly client: Pick<ApiClient, 'call'>;
  /** This replica's name. */
  readonly identity: string;
  readonly now: () => number;
}

const noteLimit = 1_024;

export function recordEvent({ client, identity, now }: EventSource, event: TransitionEvent): Promise<ApiResult> {
  const { name, namespace, uid, resourceVersion } = event.regarding.metadata;
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
      regarding: { apiVersion: relayApiVersion, kind: relayKind, namespace, name, uid, resourceVersion },
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
