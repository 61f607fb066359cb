// One request to the API server, its outcome a value. Bounded in time, size and number; never logs a header.
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Clock } from '../clock.ts';
import type { ApiConnection } from './api-connection.ts';
import { bodyText, retryAfterMs, statusOf } from './api-response.ts';
import { exchange, type WireRequest } from './exchange.ts';
import { networkErrorText } from './network-error.ts';
import type { RateLimit } from './rate-limit.ts';
import { requestKind, type SeenRequest } from './seen-request.ts';

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
  /** Told of each request once it is answered, or will not be. */
  readonly seen?: ((request: SeenRequest) => void) | undefined;
}

const never = new AbortController().signal;
const largestBody = 128 * 1024 * 1024;
const largestError = 64 * 1024;
/** After 429, or 5xx with Retry-After, the API server asks to be asked again (RFC 9110 §10.2.3). */
const attempts = 5;

export function createApiClient(options: ApiClientOptions): ApiClient {
  const agent = createAgent(options.connection.server);
  const deadlineMs = options.deadlineMs ?? 30_000;
  /** Before the deadline begins: a queue of our own says nothing of the server. */
  const turn = async (request: ApiRequest, signal: AbortSignal) => {
    if (!request.unlimited) await options.rateLimit.turn(signal);
  };
  const send = async (request: ApiRequest, signal: AbortSignal) => {
    const began = options.clock.monotonic();
    const tell = (status: number | undefined) =>
      options.seen?.({ ...requestKind(request), status, milliseconds: options.clock.monotonic() - began });
    try {
      const { headers, tls, agent: proxy } = await options.connection.credentials();
      const wire = wireRequest(options.connection.server, request);
      const response = await exchange(wire, { headers, tls, agent: proxy ?? agent, signal });
      tell(response.statusCode);
      return response;
    } catch (error) {
      tell(undefined);
      throw error;
    }
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
      await turn(request, signal);
      const deadline = deadlineFrom(signal, deadlineMs);
      try {
        for (let attempt = 1; ; attempt++) {
          const { retryAfter, ...result } = await once(request, deadline.signal);
          if (retryAfter === undefined || attempt === attempts) return result;
          await options.clock.sleep(retryAfter * (1 + options.random() / 2), deadline.signal);
          await turn(request, deadline.signal);
          if (deadline.signal.aborted) return result;
        }
      } finally {
        deadline.met();
      }
    },
    async open(request, signal) {
      await turn(request, signal);
      // Until the headers are here it is a call like any other; then the reader watches over it.
      const deadline = deadlineFrom(signal, deadlineMs);
      try {
        const response = await send(request, deadline.signal);
        if (response.statusCode !== 200) return statusOf(response, await bodyText(response, largestError));
        response.setEncoding('utf8');
        return { kind: 'open', chunks: response, close: (cause) => response.destroy(new Error(cause)) };
      } catch (error) {
        return { kind: 'failed', message: networkErrorText(error, deadline.signal) };
      } finally {
        deadline.met();
      }
    },
    close: () => agent.destroy(),
  };
}

/**
 * A connection that stayed idle for a minute may have been forgotten by a load balancer on the way. As many are kept as
 * probes run at a time, or a burst of them would pay for a handshake at every request.
 */
function createAgent(server: URL): HttpAgent {
  const options = { keepAlive: true, maxFreeSockets: 64, timeout: 60_000 };
  return server.protocol === 'http:' ? new HttpAgent(options) : new HttpsAgent(options);
}

interface Deadline {
  readonly signal: AbortSignal;
  /** Lets its timer go: AbortSignal.timeout would hold each request for the whole time, though it was long answered. */
  met(): void;
}

function deadlineFrom(signal: AbortSignal, milliseconds: number): Deadline {
  const late = new AbortController();
  const error = () => new DOMException(`no answer within ${milliseconds} ms`, 'TimeoutError');
  const timer = setTimeout(() => late.abort(error()), milliseconds);
  return { signal: AbortSignal.any([signal, late.signal]), met: () => clearTimeout(timer) };
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
