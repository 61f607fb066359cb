// Why a person dropped a message, as an event on its policy: `kubectl describe npol`, or events.jsonl in the state directory.
import { keyText } from '../api/resource.ts';
import { maskAddress } from '../mail/address.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import { createEventLog } from '../store/directory/event-log.ts';
import type { Io } from './io.ts';
import { type SourceFlags, sourcePlace } from './source-flags.ts';

export async function recordDrop(
  { id, identity, envelope }: OutboxEntry,
  why: string,
  { flags, io }: { readonly flags: SourceFlags; readonly io: Io },
): Promise<void> {
  const note = `Message ${id} of rule "${identity.rule}" about ${keyText(identity.subject)} to ${maskAddress(envelope.to)} was dropped by hand: ${why}`;
  const event = { type: 'Normal', reason: 'Dropped', action: 'DropMessage', note } as const;
  const problem = await record({ ...event, regarding: identity.policy }, { flags, io });
  if (problem !== undefined) io.stderr.write(`warning: no event was recorded: ${problem}\n`);
}

type PolicyEvent = Omit<Parameters<ReturnType<typeof createEventLog>['append']>[0], 'regarding'> & {
  readonly regarding: OutboxEntry['identity']['policy'];
};

/** What went wrong, a sentence. */
async function record(
  event: PolicyEvent,
  { flags, io }: { readonly flags: SourceFlags; readonly io: Io },
): Promise<string | undefined> {
  const place = sourcePlace(flags);
  if (place.kind === 'directory') {
    const regarding = { kind: 'NotificationPolicy', ...event.regarding };
    return createEventLog(place.state).append({ ...event, regarding }, Date.now());
  }
  const { recordClusterEvent } = await import('./record-cluster-event.ts');
  return recordClusterEvent(event, { flags, io });
}
