// The HTTP server of health and metrics. It tells what an operator of it has to know and nothing that is secret, takes no
// body, and is the last to stop.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ListenAddress, listenAt } from '../listen-at.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Health } from './health.ts';
import { healthAnswer, type TextAnswer } from './health-answer.ts';

export interface HealthDeps {
  readonly health: Health;
  readonly metrics: Pick<Metrics, 'scrape'>;
  /** Told of a bug: a sentence. */
  readonly fault: (message: string) => void;
}

export type StartedHealth =
  | { readonly kind: 'listening'; readonly server: HealthServer }
  /** A sentence. */
  | { readonly kind: 'failed'; readonly message: string };

export interface HealthServer {
  /** Such as `http://127.0.0.1:8080`. */
  readonly url: string;
  close(): Promise<void>;
}

/** A kubelet and a few that scrape; whoever holds connections open shall not keep those out for long. */
const limits = { connections: 128, headersTimeout: 5_000, idleTimeout: 60_000 };

export async function startHealthServer(listen: ListenAddress, deps: HealthDeps): Promise<StartedHealth> {
  const server = createServer({
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.headersTimeout,
    keepAliveTimeout: limits.idleTimeout,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 8_192,
  });
  server.maxConnections = limits.connections;
  server.on('request', (request, response) => {
    respond(request, response, deps).catch((error: unknown) => {
      deps.fault(`A request for health or metrics could not be answered: ${error}`);
      answerFailed(response);
    });
  });
  const failed = await listenAt(server, listen, 'Health and metrics');
  if (failed !== undefined) return { kind: 'failed', message: failed };
  server.on('error', (error) => deps.fault(`The listener of health and metrics: ${error.message}`));
  return { kind: 'listening', server: running(server) };
}

/** Prometheus counts it as a scrape that failed, and keeps the connection. */
function answerFailed(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'content-type': 'text/plain' }).end('This could not be told; the log says why.\n');
}

interface Answer extends TextAnswer {
  readonly contentType?: string;
}

async function respond(request: IncomingMessage, response: ServerResponse, deps: HealthDeps): Promise<void> {
  const { status, text, contentType = 'text/plain; charset=utf-8' } = await answer(request, deps);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 405 && { allow: 'GET, HEAD' }),
    // A body that nobody reads must not stand before the next request.
    ...(!request.complete && { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function answer({ method, url = '' }: IncomingMessage, { health, metrics }: HealthDeps): Promise<Answer> {
  const [path = '', query = ''] = url.split('?', 2);
  if (!Object.hasOwn(pages, path)) return { status: 404, text: `There is ${Object.keys(pages).join(', ')}.\n` };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'Only GET and HEAD are answered here.\n' };
  if (path === '/metrics') return { status: 200, ...(await metrics.scrape()) };
  const report = health[pages[path as keyof typeof pages] ?? 'live']();
  return healthAnswer(report, new URLSearchParams(query).has('verbose'));
}

const pages = { '/livez': 'live', '/readyz': 'ready', '/startupz': 'startup', '/metrics': undefined } as const;

function running(server: Server): HealthServer {
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      // It has told all that is of use by now.
      server.closeAllConnections();
      await closed;
    },
  };
}
