// Where alarms are kept on a cluster: Secrets of the operator's namespace, which its replicas share.
import type { AlarmDeps } from '../policies/alarms/alarm-deps.ts';
import type { AlarmStore } from '../store/alarm-store.ts';
import type { Clock } from '../store/clock.ts';
import { openRecordInbox } from '../store/inbox/open-record-inbox.ts';
import type { Inbox } from '../store/inbox.ts';
import { openJournal } from '../store/journal/open-journal.ts';
import type { JournalPlace } from '../store/journal/read-journal.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { reflectorTimings } from '../store/kubernetes/reflector.ts';
import { createSecretRecords } from '../store/kubernetes/secret-records.ts';
import { createSecretSegments } from '../store/kubernetes/secret-segments.ts';
import type { StoreProblem } from '../store/store.ts';
import { journalPrefix } from './directory-alarms.ts';

export interface ClusterAlarmsOptions {
  readonly client: ApiClient;
  /** The operator's own. */
  readonly namespace: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly problem: (problem: StoreProblem) => void;
}

/** Each round of the holder writes the journal once, whatever came in: that bounds what a storm asks of the API server. */
const minRound = 1_000;

/** Rejects with a sentence where the inbox cannot be listed. */
export async function openClusterAlarms(
  options: ClusterAlarmsOptions,
  sources: AlarmStore,
): Promise<Omit<AlarmDeps, 'mayAlarm'>> {
  const place = clusterJournal(options.client, options.namespace);
  return {
    openJournal: () => openJournal(place.segments, { ...place, ...options }),
    inbox: await clusterInbox(options),
    ...{ sources, minRound },
  };
}

export function clusterJournal(client: ApiClient, namespace: string): JournalPlace {
  return { segments: createSecretSegments(client, namespace, 'journal'), prefix: journalPrefix };
}

export function clusterInbox(options: ClusterAlarmsOptions): Promise<Inbox> {
  const records = createSecretRecords({
    ...options,
    type: 'relaykeeper.dev/inbox',
    labels: { 'relaykeeper.dev/inbox': 'request' },
    timings: reflectorTimings,
  });
  return openRecordInbox(records, options);
}
