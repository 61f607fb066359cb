// Shows the other replicas that this one lives while it holds messages, by a Lease of its own that it renews. Who holds
// none writes nothing, and most are held for less than the first renewal takes to come.
//
//   taken ├── renew ──┼── renew ──┼── renew ──…   settled: silent again
//         ├─── shown ────┤ no try begins here after this without a renewal
//         ├──────── absent (absent-holders.ts) ────────┤ others take what it holds
import { createHash } from 'node:crypto';
import type { Clock } from '../../store/clock.ts';
import type { LeaseStore } from '../../store/lease.ts';
import { createLeaseClaim, type Moment } from '../../store/lease-claim.ts';
import type { StoreProblem } from '../../store/store.ts';

export interface Presence {
  /** To be called before others can see the lease; it counts until then at most, milliseconds since the epoch. */
  hold(token: string, until: number): void;
  release(token: string): void;
  holds(token: string): boolean;
  /** False also once others may take this replica for gone. */
  mayGoOn(token: string): boolean;
  end(): Promise<void>;
}

export interface PresenceOptions {
  readonly leases: LeaseStore;
  readonly clock: Clock;
  readonly problem: (problem: StoreProblem) => void;
  /** This replica's name. */
  readonly identity: string;
}

/** Others look on for ten seconds; as leader election has it, they begin no earlier than three after we have ended. */
export const presenceTimings = { renewMs: 3_000, shownMs: 7_000, lookMs: 2_000, looks: 5 } as const;

/** A holder's name may hold what the name of a Lease may not. */
export function presenceLease(holder: string): string {
  return `relaykeeper-outbox-${createHash('sha256').update(holder).digest('hex').slice(0, 16)}`;
}

export function createPresence({ leases, clock, problem, identity }: PresenceOptions): Presence {
  const name = presenceLease(identity);
  const leaseDurationMs = presenceTimings.lookMs * presenceTimings.looks;
  const claim = createLeaseClaim({ leases, name, identity, leaseDurationMs, clock });
  const held = new Map<string, { readonly since: Moment; readonly until: number }>();
  const ending = new AbortController();
  let shown: Moment | undefined;
  let renewing: Promise<void> | undefined;

  async function renewWhileHolding(): Promise<void> {
    for (;;) {
      await clock.sleep(presenceTimings.renewMs, ending.signal);
      for (const [token, { until }] of held) if (until < clock.now()) held.delete(token);
      if (held.size === 0 || ending.signal.aborted) break;
      await renew();
    }
    renewing = undefined;
  }

  async function renew(): Promise<void> {
    const limit = new AbortController();
    const done = new AbortController();
    void clock.sleep(presenceTimings.renewMs, AbortSignal.any([ending.signal, done.signal])).then(() => limit.abort());
    const result = await claim.attempt(limit.signal);
    done.abort();
    if (result.kind === 'held') shown = result.asked;
    const message =
      result.kind === 'failed' ? `What is leased cannot be kept from other replicas: ${result.message}` : undefined;
    problem({ subject: `lease ${name}`, message });
  }

  function elapsed({ monotonic, now }: Moment): number {
    return Math.max(clock.monotonic() - monotonic, clock.now() - now);
  }

  return {
    hold(token, until) {
      held.set(token, { since: { monotonic: clock.monotonic(), now: clock.now() }, until });
      if (!ending.signal.aborted) renewing ??= renewWhileHolding();
    },
    release: (token) => void held.delete(token),
    holds: (token) => held.has(token),
    mayGoOn(token) {
      const one = held.get(token);
      if (!one) return false;
      const { shownMs } = presenceTimings;
      return elapsed(one.since) <= shownMs || (shown !== undefined && elapsed(shown) <= shownMs);
    },
    async end() {
      ending.abort();
      await renewing;
      if (shown) await leases.remove(name, AbortSignal.timeout(presenceTimings.renewMs));
    },
  };
}
