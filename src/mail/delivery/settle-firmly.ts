// Settles a lease, again and again where the outbox cannot be reached: a message that was sent and not settled goes out
// twice.
import type { Clock } from '../../store/clock.ts';
import type { Lease, Settlement } from '../outbox/outbox.ts';

const shortest = 200;
const longest = 10_000;

export async function settleFirmly(
  lease: Pick<Lease, 'settle'>,
  settlement: Settlement,
  /** `until`: when the lease ends, and settling it would be no use. `onWritten`: as of `Lease.settle`. */
  { clock, until, signal, onWritten }: { clock: Clock; until: number; signal: AbortSignal; onWritten: () => void },
): Promise<'settled' | 'lost' | 'unavailable'> {
  for (let pause = shortest; ; pause = Math.min(longest, pause * 2)) {
    const outcome = await lease.settle(settlement, onWritten);
    if (outcome !== 'unavailable' || clock.now() + pause > until || signal.aborted) return outcome;
    await clock.sleep(pause, signal);
  }
}
