// Sends one HTTP request and gives its response, with the body still to come. Rejects on what the network does.
import { once } from 'node:events';
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { ApiTls } from './api-connection.ts';

export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  readonly accept: string;
  readonly body?: string;
  readonly contentType?: string;
}

export interface Carrier {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ApiTls;
  readonly agent: Agent;
  readonly signal: AbortSignal;
}

export async function exchange(wire: WireRequest, carrier: Carrier): Promise<IncomingMessage> {
  const request = send(wire, carrier);
  try {
    return await responseOf(request);
  } catch (error) {
    // The server closed a kept connection just as we used it, most likely before it saw the request. Where it did see a
    // change that names a version, the second one is a conflict: who asked has to look whether it was its own.
    if (request.reusedSocket && isReset(error) && wire.method !== 'POST') return responseOf(send(wire, carrier));
    throw error;
  }
}

async function responseOf(request: ClientRequest): Promise<IncomingMessage> {
  const [response] = await once(request, 'response');
  return response;
}

function send(wire: WireRequest, { headers, tls, agent, signal }: Carrier): ClientRequest {
  const start = wire.url.protocol === 'http:' ? httpRequest : httpsRequest;
  const request = start(wire.url, {
    ...tls,
    method: wire.method,
    agent,
    signal,
    headers: {
      ...headers,
      accept: wire.accept,
      'user-agent': 'relaykeeper',
      ...(wire.contentType === undefined ? {} : { 'content-type': wire.contentType }),
      // Of a DELETE's body Node tells the length only when told to, and then the server reads it as the next request.
      ...(wire.body === undefined ? {} : { 'content-length': Buffer.byteLength(wire.body) }),
    },
  });
  // After its response an error ends the body's stream, whose reader sees it; without a listener here it would end the process.
  request.on('error', () => undefined);
  request.end(wire.body);
  return request;
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}
