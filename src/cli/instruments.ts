// Health and metrics of `run`: they are served before anything else is opened, so that an address that cannot be had ends
// the command at once, and until everything has stopped. Where nobody can ask nothing is counted.
import { createHealth, type Health } from '../server/health/health.ts';
import type { Metrics } from '../server/metrics/metrics.ts';
import { systemClock } from '../store/clock.ts';
import { UnusableArgument } from './io.ts';
import { version } from './version.ts';
import type { ListenAddress } from './webhook-flags.ts';

export interface Instruments {
  readonly health: Health;
  readonly metrics: Metrics | undefined;
  /** Such as `http://[::]:8080`. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

/** So long no reconcile takes: it waits for something that will not come. */
const stuckAfter = 3_600_000;

/** Throws UnusableArgument where it cannot listen. */
export async function openInstruments(
  listen: ListenAddress | undefined,
  fault: (message: string) => void,
): Promise<Instruments> {
  const health = createHealth();
  if (!listen) return { health, metrics: undefined, url: undefined, close: async () => undefined };
  const [{ createMetrics }, { startHealthServer }] = await Promise.all([
    import('../server/metrics/metrics.ts'),
    import('../server/health/health-server.ts'),
  ]);
  const metrics = createMetrics({ version, clock: systemClock });
  health.watch('reconciles', () => {
    const longest = metrics.longestReconcile();
    return longest < stuckAfter ? undefined : `A reconcile has not ended for ${Math.round(longest / 60_000)} minutes.`;
  });
  const started = await startHealthServer(listen, { health, metrics, fault });
  if (started.kind === 'failed') {
    throw new UnusableArgument(`--http-listen: ${started.message} Give another address, or none.`);
  }
  return { health, metrics, url: started.server.url, close: started.server.close };
}
