// What is known of a message after a try that did not end it.
import type { EntryProgress } from './entry-text.ts';
import type { OutboxEntry, Settlement } from './outbox.ts';

type Unsent = Extract<Settlement, { readonly kind: 'retry' | 'dead' }>;

export function progressAfter(entry: OutboxEntry, settlement: Unsent): EntryProgress {
  const { attempt } = settlement;
  const counts = attempt !== undefined && !(settlement.kind === 'retry' && settlement.unreached);
  return {
    attempts: entry.attempts + (counts ? 1 : 0),
    lastAttempt: attempt ?? entry.lastAttempt,
    notBefore: settlement.kind === 'retry' ? settlement.notBefore : entry.notBefore,
    deadReason: settlement.kind === 'dead' ? settlement.reason : undefined,
  };
}
