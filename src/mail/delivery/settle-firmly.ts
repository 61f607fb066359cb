// Settles a lease, again and again where the outbox cannot be reached: a message that was sent and not settled goes out
// twice.
import type { Clock } from '../../store/clock.ts';
import type { Lease, Settlement } from '../outbox/outbox.ts';

const shortest = 200;
const longest = 10_000;

export async function settleFirmly(
  lease: Pick<Lease, 'settle'>,
  settlement: Settlement,
  /** `until`: when the lease ends, and settling it would be no use. */
  { clock, until, signal }: { clock: Clock; until: number; signal: AbortSignal },
): Promise<'settled' | 'lost' | 'unavailable'> {
  for (let pause = shortest; ; pause = Math.min(longest, pause * 2)) {
    const outcome = await lease.settle(settlement);
    if (outcome !== 'unavailable' || clock.now() + pause > until || signal.aborted) return outcome;
    await clock.sleep(pause, signal);
  }
}
