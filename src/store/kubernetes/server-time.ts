// What time the API server has: by the Date of its answer (RFC 9110 §6.6.1), which knows whole seconds.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ApiConnection } from './api-connection.ts';
import { exchange } from './exchange.ts';
import { networkErrorText } from './network-error.ts';

export type ServerTime =
  /** Somewhere in the second that begins then; milliseconds since the epoch. */
  | { readonly kind: 'known'; readonly second: number }
  /** A sentence. */
  | { readonly kind: 'unknown'; readonly message: string };

export async function serverTime({ server, credentials }: ApiConnection, signal: AbortSignal): Promise<ServerTime> {
  const own = server.protocol === 'http:' ? new HttpAgent() : new HttpsAgent();
  try {
    const { headers, tls, agent } = await credentials();
    const url = new URL(`${server.pathname.replace(/\/$/, '')}/version`, server);
    const wire = { method: 'GET', url, accept: 'application/json' };
    const response = await exchange(wire, { headers, tls, agent: agent ?? own, signal });
    response.resume();
    const second = Date.parse(response.headers.date ?? '');
    if (Number.isNaN(second)) return { kind: 'unknown', message: 'the API server says no time (no header Date)' };
    return { kind: 'known', second };
  } catch (error) {
    return { kind: 'unknown', message: `the API server cannot be reached: ${networkErrorText(error, signal)}` };
  } finally {
    own.destroy();
  }
}
