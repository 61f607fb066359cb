// What a person does to a message among the records.
import { deadBeyond, droppedDead } from './dead-beyond.ts';
import type { KubernetesState } from './kubernetes-state.ts';
import { parseRecord, progressChange, recordName } from './outbox-record.ts';

export async function readRecordBody({ records, index }: KubernetesState, id: string): Promise<Buffer | undefined> {
  if (!index.get(id)?.extra.hasBody) return undefined;
  const found = await records.read(recordName(id));
  return found.kind === 'found' ? found.body : undefined;
}

export async function retryRecord({ records, index, clock, problem }: KubernetesState, id: string): Promise<boolean> {
  if (!index.get(id)?.extra.hasBody) return false;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const found = await records.read(recordName(id));
    const record = found.kind === 'found' ? parseRecord(found.head) : undefined;
    if (!record?.hasBody) return false;
    const now = clock.now();
    // It is being tried.
    if (record.entry.state === 'Waiting' && record.lease && record.lease.until > now) return true;
    const annotations = progressChange({ ...record.entry, notBefore: now, deadReason: undefined });
    const changed = await records.change({ name: recordName(id), version: record.version, annotations });
    if (changed.kind === 'found') return true;
    if (changed.kind === 'unavailable')
      problem({ subject: `outbox record ${recordName(id)}`, message: changed.message });
    if (changed.kind !== 'conflict') return false;
  }
  return false;
}

/** For what has died beside them; another replica may be doing the same. */
export async function dropOldestDead({ records, index, maxDead, problem }: KubernetesState): Promise<void> {
  for (const entry of deadBeyond(maxDead, index.dead)) {
    const removed = await records.remove(recordName(entry.id));
    const message = removed.kind === 'unavailable' ? removed.message : droppedDead(entry, maxDead);
    problem({ subject: 'dead messages of the outbox', message, warning: true });
    if (removed.kind === 'unavailable') return;
  }
}

export async function dropRecord(outbox: KubernetesState, id: string, reason: string): Promise<boolean> {
  const { records, index, dropped, problem } = outbox;
  const entry = index.get(id)?.entry;
  const removed = await records.remove(recordName(id));
  if (entry && removed.kind === 'removed') dropped.tell(entry, reason);
  if (removed.kind === 'unavailable') problem({ subject: `outbox record ${recordName(id)}`, message: removed.message });
  return removed.kind === 'removed';
}
