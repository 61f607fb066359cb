// Keeps the index in step with the records, whoever changed them.
import type { RecordHead, RecordListener } from '../../store/records.ts';
import type { KubernetesState } from './kubernetes-state.ts';
import type { LeftLeases } from './left-leases.ts';
import { idOf, parseRecord } from './outbox-record.ts';

type ListenerState = Pick<KubernetesState, 'index' | 'sent' | 'ready' | 'problem'> & {
  readonly leftLeases: LeftLeases;
};

export function recordListener(outbox: ListenerState): RecordListener {
  return {
    changed: (head) => changed(outbox, head),
    gone: (name) => outbox.index.remove(idOf(name)),
  };
}

function changed({ index, sent, ready, problem, leftLeases }: ListenerState, head: RecordHead): void {
  const record = parseRecord(head);
  if (!record) {
    const message = `The record ${head.name} of the outbox is damaged and is not sent. Look at it, then remove it.`;
    problem({ subject: `outbox record ${head.name}`, message, warning: true });
    return;
  }
  const { entry, ...extra } = record;
  const lease = extra.lease && !leftLeases.includes(extra.lease) ? extra.lease : undefined;
  const due = lease?.until ?? entry.notBefore;
  index.put({ entry, at: sent.has(entry.id) ? Number.POSITIVE_INFINITY : due, extra: { ...extra, lease } });
  if (entry.state === 'Waiting' && !lease) ready.tell();
}
