// A drop by hand as it is recorded on its policy.
import type { NotificationPolicyStatus } from '../api/notification-policy.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import type { dropEvent } from '../policies/drop-event.ts';

export interface RecordedDrop {
  readonly entry: OutboxEntry;
  readonly event: ReturnType<typeof dropEvent>;
  readonly status: (before: NotificationPolicyStatus | undefined) => NotificationPolicyStatus;
}

export function notInStatus(why: string): string {
  return `the status of the policy does not tell of it, nor does explain: ${why}`;
}
