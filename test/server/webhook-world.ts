// A webhook server on loopback with one rule, and ways to talk to it; every whole answer is held to the OpenAPI document.
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { decodeRequest, type InboxRequest } from '../../src/alarms/intake/inbox-request.ts';
import type { WebhookDeps, WebhookListen, WebhookNews, WebhookServer } from '../../src/server/webhook-deps.ts';
import type { WebhookLimits } from '../../src/server/webhook-limits.ts';
import { startWebhookServer } from '../../src/server/webhook-server.ts';
import { answerFaults } from './webhook-contract.ts';

export const target = '/v1/alarms/mail/guests/prometheus';
export const token = 's3cret-token';
export const alarm = { labels: { alertname: 'Disk', severity: 'critical' } };

export interface World {
  readonly server: WebhookServer;
  readonly kept: InboxRequest[];
  readonly news: WebhookNews[];
}

export interface WorldOptions {
  readonly deps?: Partial<WebhookDeps>;
  readonly limits?: Partial<WebhookLimits>;
  readonly tls?: WebhookListen['tls'];
}

export async function startWorld({ deps, limits, tls }: WorldOptions = {}): Promise<World> {
  const kept: InboxRequest[] = [];
  const news: WebhookNews[] = [];
  const started = await startWebhookServer(
    { address: '127.0.0.1', port: 0, tls },
    {
      rule: async ({ namespace, policy, alarm }) =>
        `${namespace}/${policy}/${alarm}` === 'mail/guests/prometheus'
          ? { kind: 'rule', tokens: [token, ''] }
          : { kind: 'unknown' },
      keep: async (body) => {
        const decoded = decodeRequest(body);
        if (decoded.kind === 'unreadable') throw new Error(decoded.message);
        kept.push(decoded.request);
        return { kind: 'kept' };
      },
      now: () => 1_790_000_000_000,
      tell: (told) => news.push(told),
      ...deps,
    },
    limits,
  );
  if (started.kind === 'failed') throw new Error(started.message);
  onTestFinished(() => started.server.close());
  return { server: started.server, kept, news };
}

export interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

export function ask(
  { server }: World,
  { path = target, method = 'POST', headers, body = JSON.stringify(alarm) }: Asked = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: server.address,
      port: server.port,
      path,
      method,
      agent: false,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    });
    asked.on('response', (response) => {
      text(response)
        .then((answered) => {
          expect(answerFaults(response.statusCode ?? 0, response.headers, answered)).toBe('');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(answered) });
        })
        .catch(reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

export interface RawClient {
  readonly socket: Socket;
  readonly received: () => string;
  /** Resolves with all that came once the server closed the connection. */
  readonly closed: Promise<string>;
}

export async function connectRaw({ server }: World): Promise<RawClient> {
  const socket = connect(server.port, server.address);
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  // A server that closes while this end still writes resets the connection.
  socket.on('error', () => socket.destroy());
  onTestFinished(() => {
    socket.destroy();
  });
  return { socket, received: () => received, closed };
}

export function head(more: Readonly<Record<string, string>>): string {
  const headers = { host: 'localhost', authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
