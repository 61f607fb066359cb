// Leases that nobody works on any more, so that what they hold need not wait until they run out: those that an earlier
// process of this replica's name left when it was killed (a container that starts again keeps its name, and the process
// before it is gone), those of a replica that is absent, and our own that the API server granted and we were not told.
import type { RecordLease } from './outbox-record.ts';
import type { Presence } from './presence.ts';

export interface LeftLeases {
  /** Whether it holds nobody up. */
  includes(lease: RecordLease): boolean;
  /** All that was there has been seen: a lease of this name that comes now is of somebody who lives. */
  seenAll(): void;
  add(tokens: ReadonlySet<string>): void;
}

export interface LeftLeasesOptions {
  /** This replica's name. */
  readonly holder: string;
  /** Of this process alone, what each token of its begins with. */
  readonly tokenPrefix: string;
  readonly presence: Pick<Presence, 'holds'>;
}

export function createLeftLeases({ holder, tokenPrefix, presence }: LeftLeasesOptions): LeftLeases {
  const left = new Set<string>();
  let opening = true;
  return {
    includes({ token, holder: by }) {
      if (token.startsWith(tokenPrefix)) return !presence.holds(token);
      if (opening && by === holder) left.add(token);
      return left.has(token);
    },
    seenAll() {
      opening = false;
    },
    add(tokens) {
      for (const token of tokens) left.add(token);
    },
  };
}
