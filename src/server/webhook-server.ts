// The HTTP server of the alarm webhook: slow, many and endless clients each meet a limit, and none of them another's.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Answer, refusal, send } from './answer.ts';
import { answerAlarms } from './answer-alarms.ts';
import { createBodyBudget } from './body-budget.ts';
import { type ReadCertificate, readCertificate } from './certificate-files.ts';
import { followCertificate } from './follow-certificate.ts';
import type { StartedWebhook, WebhookDeps, WebhookListen, WebhookServer } from './webhook-deps.ts';

export interface WebhookLimits {
  readonly bodyBytes: number;
  /** Of all bodies under way. */
  readonly allBodyBytes: number;
  readonly connections: number;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
  readonly idleTimeout: number;
  /** How long a client is listened to that sends on after its answer. */
  readonly lingerTimeout: number;
  readonly closeTimeout: number;
  readonly certificatePoll: number;
}

const usual: WebhookLimits = {
  bodyBytes: 8 * 1024 * 1024,
  allBodyBytes: 64 * 1024 * 1024,
  connections: 1_000,
  headersTimeout: 10_000,
  bodyTimeout: 30_000,
  idleTimeout: 60_000,
  lingerTimeout: 2_000,
  closeTimeout: 10_000,
  certificatePoll: 10_000,
};

/** Resolves once requests are taken, or with why they cannot be. */
export async function startWebhookServer(
  listen: WebhookListen,
  deps: WebhookDeps,
  changed: Partial<WebhookLimits> = {},
): Promise<StartedWebhook> {
  const limits = { ...usual, ...changed };
  const certificate = listen.tls && (await readCertificate(listen.tls));
  if (certificate?.kind === 'unusable') return { kind: 'failed', message: certificate.message };
  const { server, stopFollowing } = createFollowing(listen, certificate, { deps, limits });
  const answering = createAnswering(deps, limits);
  server.on('request', (request, response) => answering.take(request, response, false));
  server.on('checkContinue', (request, response) => answering.take(request, response, true));
  server.maxConnections = limits.connections;
  const failed = await listening(server, listen);
  if (failed !== undefined) {
    stopFollowing();
    return { kind: 'failed', message: failed };
  }
  server.on('error', (error) => deps.tell({ kind: 'fault', message: `The webhook's listener: ${error.message}` }));
  return { kind: 'listening', server: running(server, { answering, stopFollowing, limits }) };
}

interface Wiring {
  readonly deps: WebhookDeps;
  readonly limits: WebhookLimits;
}

function createFollowing(
  { tls }: WebhookListen,
  certificate: Extract<ReadCertificate, { kind: 'certificate' }> | undefined,
  { deps, limits }: Wiring,
): { readonly server: Server; readonly stopFollowing: () => void } {
  const options: ServerOptions = {
    headersTimeout: limits.headersTimeout,
    requestTimeout: limits.headersTimeout + limits.bodyTimeout,
    keepAliveTimeout: limits.idleTimeout,
    connectionsCheckingInterval: Math.max(50, Math.min(1_000, limits.headersTimeout / 4)),
  };
  if (!tls || !certificate) return { server: createServer(options), stopFollowing: () => {} };
  const { cert, key } = certificate;
  const secure = { cert, key, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersTimeout } as const;
  const server = createTlsServer({ ...options, ...secure });
  const follower = followCertificate({
    files: tls,
    first: certificate,
    every: limits.certificatePoll,
    use: (pair) => server.setSecureContext({ ...pair, minVersion: 'TLSv1.2' }),
    tell: (problem) => deps.tell({ kind: 'certificate', problem }),
  });
  return { server, stopFollowing: follower.stop };
}

interface Answering {
  readonly take: (request: IncomingMessage, response: ServerResponse, waits: boolean) => void;
  readonly close: () => void;
}

function createAnswering(deps: WebhookDeps, limits: WebhookLimits): Answering {
  const budget = createBodyBudget(limits.allBodyBytes);
  const bodyLimits = { bytes: limits.bodyBytes, milliseconds: limits.bodyTimeout, budget };
  const linger = { milliseconds: limits.lingerTimeout, bytes: 2 * limits.bodyBytes };
  let closing = false;

  async function take(request: IncomingMessage, response: ServerResponse, waits: boolean): Promise<void> {
    const began = deps.now();
    const from = request.socket.remoteAddress ?? '';
    const goOn = () => {
      if (waits) response.writeContinue();
    };
    const { answer, path, alarms } = await answerAlarms(request, { deps, limits: bodyLimits, goOn });
    if (!answer) return;
    const { status, body } = answer;
    // A JSON path has names of the body in it.
    const message = status < 400 ? undefined : status === 400 ? 'The body cannot be read.' : String(body.error);
    deps.tell({ kind: 'answered', status, path, alarms, milliseconds: deps.now() - began, message, from });
    await send(request, response, { answer, closing, linger });
  }

  async function failed(error: unknown, request: IncomingMessage, response: ServerResponse): Promise<void> {
    deps.tell({ kind: 'fault', message: `A request could not be answered: ${error}` });
    if (!response.headersSent) await send(request, response, { answer: internal, closing, linger });
    else response.destroy();
  }

  return {
    take: (request, response, waits) => {
      response.on('error', () => response.destroy());
      take(request, response, waits)
        .catch((error: unknown) => failed(error, request, response))
        .catch(() => response.destroy());
    },
    close: () => {
      closing = true;
    },
  };
}

const internal: Answer = refusal(500, 'This request could not be answered; the log says why.');

/** A sentence where it cannot listen. */
async function listening(server: Server, { address, port }: WebhookListen): Promise<string | undefined> {
  try {
    await once(server.listen(port, address), 'listening');
    return undefined;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return `The webhook cannot listen at ${endpoint(address, port)}: ${listenFaults[code] ?? message}.`;
  }
}

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program does',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not use the port; take one above 1023',
};

export function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

interface Parts {
  readonly answering: Answering;
  readonly stopFollowing: () => void;
  readonly limits: WebhookLimits;
}

function running(server: Server, { answering, stopFollowing, limits }: Parts): WebhookServer {
  const { address, port } = server.address() as AddressInfo;
  return {
    address,
    port,
    close: async () => {
      stopFollowing();
      answering.close();
      const closed = once(server, 'close');
      server.close();
      const timer = setTimeout(() => server.closeAllConnections(), limits.closeTimeout);
      await closed;
      clearTimeout(timer);
    },
  };
}
