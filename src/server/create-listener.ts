// The HTTP or HTTPS server with its limits of time, not listening yet; its certificate follows its files.
import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ReadCertificate } from './certificate-files.ts';
import { followCertificate } from './follow-certificate.ts';
import type { WebhookDeps, WebhookListen } from './webhook-deps.ts';
import type { WebhookLimits } from './webhook-limits.ts';

interface Wiring {
  readonly deps: WebhookDeps;
  readonly limits: WebhookLimits;
}

export function createListener(
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
