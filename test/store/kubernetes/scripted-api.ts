// An API server that answers as a test says: for what the real one does only under rare conditions.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { type ApiClient, createApiClient } from '../../../src/store/kubernetes/api-client.ts';
import { createRateLimit } from '../../../src/store/kubernetes/rate-limit.ts';

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** By the monotonic clock. */
  readonly at: number;
}

export interface ScriptedApi {
  readonly client: ApiClient;
  readonly requests: ScriptedRequest[];
  /** Those that open a watch. */
  watches(): ScriptedRequest[];
}

export type Script = (request: ScriptedRequest, response: ServerResponse) => void;

export async function startScriptedApi(script: Script, deadlineMs = 5_000, qps = 1_000): Promise<ScriptedApi> {
  const requests: ScriptedRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const request = {
      method: incoming.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: incoming.headers,
      body: await text(incoming),
      at: performance.now(),
    };
    requests.push(request);
    script(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  const client = createApiClient({
    connection: {
      server: new URL(`http://127.0.0.1:${address.port}/base`),
      namespace: 'default',
      credentials: async () => ({ headers: { authorization: 'Bearer hush' }, tls: {} }),
    },
    rateLimit: createRateLimit({ qps, burst: qps, clock: systemClock }),
    clock: systemClock,
    random: Math.random,
    deadlineMs,
  });
  onTestFinished(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  return { client, requests, watches: () => requests.filter(({ query }) => query.watch === 'true') };
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export function refuse(response: ServerResponse, status: number, message: string): void {
  json(response, { kind: 'Status', status: 'Failure', code: status, reason: 'Scripted', message }, status);
}

/** One event of a watch; the response stays open. */
export function event(response: ServerResponse, type: string, object: unknown): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}
