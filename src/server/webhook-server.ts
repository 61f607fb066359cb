// The HTTP server of the alarm webhook: slow, many and endless clients each meet a limit, and none of them another's.
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, refusal, send } from './answer.ts';
import { answerAlarms } from './answer-alarms.ts';
import { createBodyBudget } from './body-budget.ts';
import { readCertificate } from './certificate-files.ts';
import { createListener } from './create-listener.ts';
import { listenAt } from './listen-at.ts';
import type { StartedWebhook, WebhookDeps, WebhookListen, WebhookServer } from './webhook-deps.ts';
import { usualLimits, type WebhookLimits } from './webhook-limits.ts';

/** Resolves once requests are taken, or with why they cannot be. */
export async function startWebhookServer(
  listen: WebhookListen,
  deps: WebhookDeps,
  changed: Partial<WebhookLimits> = {},
): Promise<StartedWebhook> {
  const limits = { ...usualLimits, ...changed };
  const certificate = listen.tls && (await readCertificate(listen.tls));
  if (certificate?.kind === 'unusable') return { kind: 'failed', message: certificate.message };
  const { server, stopFollowing } = createListener(listen, certificate, { deps, limits });
  const answering = createAnswering(deps, limits);
  server.on('request', (request, response) => answering.take(request, response, false));
  server.on('checkContinue', (request, response) => answering.take(request, response, true));
  server.maxConnections = limits.connections;
  const failed = await listenAt(server, listen, 'The webhook');
  if (failed !== undefined) {
    stopFollowing();
    return { kind: 'failed', message: failed };
  }
  server.on('error', (error) => deps.tell({ kind: 'fault', message: `The webhook's listener: ${error.message}` }));
  return { kind: 'listening', server: running(server, { answering, stopFollowing, limits }) };
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
        // Not even that can be told: the client sees a connection that is broken off, and sends again.
        .catch(() => response.destroy());
    },
    close: () => {
      closing = true;
    },
  };
}

const internal: Answer = refusal(500, 'This request could not be answered; the log says why.');

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
