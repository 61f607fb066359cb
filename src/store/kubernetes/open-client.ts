// Settings in, a client out: what the command line calls.
import { systemClock } from '../clock.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { type ClusterChoice, connectToCluster } from './connect.ts';
import { createRateLimit } from './rate-limit.ts';
import type { SeenRequest } from './seen-request.ts';

export interface ClientSettings extends ClusterChoice {
  /** --kube-api-qps: requests a second, with twice as many at once. */
  readonly qps: number;
  readonly seen?: ((request: SeenRequest) => void) | undefined;
}

export type ClientResult =
  | { readonly kind: 'usable'; readonly client: ApiClient }
  | { readonly kind: 'unusable'; readonly message: string };

export async function openClient(settings: ClientSettings): Promise<ClientResult> {
  const result = await connectToCluster(settings);
  if (result.kind === 'unusable') return result;
  const { qps, seen } = settings;
  const rateLimit = createRateLimit({ qps, burst: Math.max(1, Math.ceil(qps * 2)), clock: systemClock });
  const client = createApiClient({
    connection: result.connection,
    rateLimit,
    clock: systemClock,
    random: Math.random,
    seen,
  });
  return { kind: 'usable', client };
}
