// One request to the API server, its outcome a value. Bounded in time, size and number; never logs a header.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Clock } from '../clock.ts';
import type { ApiConnection } from './api-connection.ts';
import { bodyText, retryAfterMs, statusOf } from './api-response.ts';
import { exchange, type WireRequest } from './exchange.ts';
import { networkErrorText } from './network-error.ts';
import type { RateLimit } from './rate-limit.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Of the body; JSON when absent. */
  readonly contentType?: string;
  /** JSON when absent. */
  readonly accept?: string;
  /** Lease renewals must not queue behind others. */
  readonly unlimited?: boolean;
}

export type ApiFault =
  /** The API server said no. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly message: string }
  /** It did not answer, or not in a way that can be read. */
  | { readonly kind: 'failed'; readonly message: string };

export type ApiResult = { readonly kind: 'ok'; readonly body: unknown } | ApiFault;

export interface ApiStream {
  readonly kind: 'open';
  readonly chunks: AsyncIterable<string>;
  close(cause: string): void;
}

export interface ApiClient {
  readonly namespace: string;
  call(request: ApiRequest, signal?: AbortSignal): Promise<ApiResult>;
  /** A response without an end, such as a watch. */
  open(request: ApiRequest, signal: AbortSignal): Promise<ApiStream | ApiFault>;
  /** Closes idle connections. */
  close(): void;
}

export interface ApiClientOptions {
  readonly connection: ApiConnection;
  readonly rateLimit: RateLimit;
  readonly clock: Clock;
  readonly random: () => number;
  /** For one call with its repetitions; 30 s when absent. */
  readonly deadlineMs?: number;
}

const never = new AbortController().signal;
const largestBody = 128 * 1024 * 1024;
const largestError = 64 * 1024;
/** After 429, or 5xx with Retry-After, the API server asks to be asked again (RFC 9110 §10.2.3). */
const attempts = 5;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const agent = createAgent(options.connection.server);
  const deadlineMs = options.deadlineMs ?? 30_000;
  const send = async (request: ApiRequest, signal: AbortSignal) => {
    if (!request.unlimited) await options.rateLimit.turn(signal);
    const { headers, tls, agent: proxy } = await options.connection.credentials();
    return exchange(wireRequest(options.connection.server, request), { headers, tls, agent: proxy ?? agent, signal });
  };

  const once = async (
    request: ApiRequest,
    signal: AbortSignal,
  ): Promise<ApiResult & { readonly retryAfter?: number }> => {
    try {
      const response = await send(request, signal);
      const ok = response.statusCode !== undefined && response.statusCode < 300;
      const text = await bodyText(response, ok ? largestBody : largestError);
      if (!ok) return { ...statusOf(response, text), ...retryAfterMs(response) };
      return { kind: 'ok', body: text === '' ? undefined : JSON.parse(text) };
    } catch (error) {
      return { kind: 'failed', message: networkErrorText(error, signal) };
    }
  };

  return {
    namespace: options.connection.namespace,
    async call(request, signal = never) {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
      for (let attempt = 1; ; attempt++) {
        const { retryAfter, ...result } = await once(request, bounded);
        if (retryAfter === undefined || attempt === attempts) return result;
        await options.clock.sleep(retryAfter * (1 + options.random() / 2), bounded);
        if (bounded.aborted) return result;
      }
    },
    async open(request, signal) {
      // Until the headers are here it is a call like any other; then the reader watches over it.
      const opening = new AbortController();
      const timer = setTimeout(() => opening.abort(deadlineError(deadlineMs)), deadlineMs);
      const both = AbortSignal.any([signal, opening.signal]);
      try {
        const response = await send(request, both);
        if (response.statusCode !== 200) return statusOf(response, await bodyText(response, largestError));
        response.setEncoding('utf8');
        return { kind: 'open', chunks: response, close: (cause) => response.destroy(new Error(cause)) };
      } catch (error) {
        return { kind: 'failed', message: networkErrorText(error, both) };
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => agent.destroy(),
  };
}

/** A connection that stayed idle for a minute may have been forgotten by a load balancer on the way. */
function createAgent(server: URL): HttpAgent {
  const options = { keepAlive: true, maxFreeSockets: 8, timeout: 60_000 };
  return server.protocol === 'http:' ? new HttpAgent(options) : new HttpsAgent(options);
}

function deadlineError(deadlineMs: number): Error {
  return new DOMException(`no answer within ${deadlineMs} ms`, 'TimeoutError');
}

function wireRequest(server: URL, request: ApiRequest): WireRequest {
  // A server behind a proxy (Rancher, for one) has a path of its own.
  const url = new URL(`${server.pathname.replace(/\/$/, '')}${request.path}`, server);
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  return {
    method: request.method,
    url,
    accept: request.accept ?? 'application/json',
    ...(request.body === undefined
      ? {}
      : { body: JSON.stringify(request.body), contentType: request.contentType ?? 'application/json' }),
  };
}
