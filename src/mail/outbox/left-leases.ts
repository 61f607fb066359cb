// Leases that an earlier process of this replica's name left when it was killed: a container that starts again keeps its
// name, and the process before it is gone. What it held need not wait until its leases run out.
import type { RecordLease } from './outbox-record.ts';

export interface LeftLeases {
  /** Whether it holds nobody up. */
  includes(lease: RecordLease): boolean;
  /** All that was there has been seen: a lease of this name that comes now is of somebody who lives. */
  seenAll(): void;
}

export function createLeftLeases(holder: string): LeftLeases {
  const left = new Set<string>();
  let opening = true;
  return {
    includes(lease) {
      if (opening && lease.holder === holder) left.add(lease.token);
      return left.has(lease.token);
    },
    seenAll() {
      opening = false;
    },
  };
}
