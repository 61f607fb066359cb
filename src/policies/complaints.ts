// Tells of accounts that cannot be used, each fault once: by an Event on the Secret.
import type { PolicyDeps } from './policy-deps.ts';
import type { Complaint } from './rule-outcome.ts';

export interface Complaints {
  tell(complaints: readonly Complaint[]): Promise<void>;
}

/** So many are remembered; more start anew. */
const remembered = 10_000;

export function createComplaints({ store, mayRemind }: Pick<PolicyDeps, 'store' | 'mayRemind'>): Complaints {
  const told = new Set<string>();
  return {
    async tell(complaints) {
      // One replica is enough.
      if (!mayRemind()) return;
      if (told.size > remembered) told.clear();
      for (const { namespace, name, reason, note } of complaints) {
        const id = JSON.stringify([namespace, name, reason, note]);
        if (told.has(id)) continue;
        told.add(id);
        await store.recordAccountEvent({ account: { namespace, name }, reason, note });
      }
    },
  };
}
