// That a person dropped a message, and why, where whoever asks will look: an event on its policy, and the policy's status.
// An operator that holds the outbox records it by itself.
import { fitPolicyStatus } from '../api/fit-policy-status.ts';
import type { NotificationPolicyStatus } from '../api/notification-policy.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import { countedStatus } from '../policies/counted-status.ts';
import { dropEvent, droppedByHand } from '../policies/drop-event.ts';
import { createTally } from '../policies/tally.ts';
import { amendPolicyStatus } from '../store/directory/amend-status.ts';
import { createEventLog } from '../store/directory/event-log.ts';
import type { Io } from './io.ts';
import { notInStatus, type RecordedDrop } from './recorded-drop.ts';
import { type SourceFlags, type SourcePlace, sourcePlace } from './source-flags.ts';

export async function recordDrop(
  entry: OutboxEntry,
  said: string,
  { flags, io }: { readonly flags: SourceFlags; readonly io: Io },
): Promise<void> {
  const event = dropEvent({ entry, count: 1, reason: droppedByHand, said });
  const drop = { entry, event, status: (before?: NotificationPolicyStatus) => statusAfter(before, entry, said) };
  const place = sourcePlace(flags);
  const problems =
    place.kind === 'directory'
      ? await inDirectory(place, drop)
      : await (await import('./record-cluster-drop.ts')).recordClusterDrop(drop, { flags, io });
  for (const problem of problems) io.stderr.write(`warning: ${problem}\n`);
}

function statusAfter(before: NotificationPolicyStatus | undefined, entry: OutboxEntry, said: string) {
  const tally = createTally();
  tally.dropped(entry, said, Date.now());
  return fitPolicyStatus(countedStatus(before ?? {}, tally.take(), ''));
}

/** What went wrong, sentences. */
async function inDirectory(
  { state }: Extract<SourcePlace, { kind: 'directory' }>,
  { entry, event, status }: RecordedDrop,
): Promise<readonly string[]> {
  const { policy } = entry.identity;
  const regarding = { kind: 'NotificationPolicy', ...policy };
  const unlogged = await createEventLog(state).append({ ...event, regarding }, Date.now());
  const unchanged = await amendPolicyStatus({ stateDirectory: state, policy, change: status, now: Date.now });
  return [unlogged ?? [], unchanged === undefined ? [] : notInStatus(unchanged)].flat();
}
