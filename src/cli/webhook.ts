// The alarm webhook of `run`: it listens before anything else is opened, so that an address that cannot be had ends the
// command at once, and answers once there is something to answer with.

import type { WebhookDeps, WebhookListen, WebhookNews } from '../server/webhook-deps.ts';
import { startWebhookServer } from '../server/webhook-server.ts';
import { UnusableArgument } from './io.ts';

export interface Webhook {
  /** Such as `https://[::]:8443`. */
  readonly url: string;
  /** A sentence about how it listens. */
  readonly warning: string | undefined;
  /** What requests are answered with from now on; until then their senders are asked to try again. */
  serve(deps: Pick<WebhookDeps, 'rule' | 'keep'>): void;
  /** Takes no more requests; resolves once those under way are answered. May be called again. */
  close(): Promise<void>;
}

/** Throws UnusableArgument where it cannot listen. */
export async function openWebhook(listen: WebhookListen, tell: (news: WebhookNews) => void): Promise<Webhook> {
  let served: Pick<WebhookDeps, 'rule' | 'keep'> = notYet;
  const started = await startWebhookServer(listen, {
    rule: (path, options) => served.rule(path, options),
    keep: (body) => served.keep(body),
    now: Date.now,
    tell,
  });
  if (started.kind === 'failed') throw new UnusableArgument(`--webhook-listen: ${started.message}`);
  const { server } = started;
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(server, listen),
    warning: warningOf(server, listen),
    serve(deps) {
      served = deps;
    },
    close() {
      closing ??= server.close();
      return closing;
    },
  };
}

const starting = { kind: 'unavailable', message: 'The operator has only just started.' } as const;
const notYet: Pick<WebhookDeps, 'rule' | 'keep'> = { rule: async () => starting, keep: async () => starting };

/** Where whoever is on the way could read tokens, unless something else encrypts. */
function warningOf({ address }: { address: string }, { tls }: WebhookListen): string | undefined {
  if (tls || /^127\.|^::1$/.test(address)) return undefined;
  return `The webhook at ${address} has no TLS: tokens come in the clear. Give --webhook-tls-cert and --webhook-tls-key, or have a proxy encrypt.`;
}

function urlOf({ address, port }: { address: string; port: number }, { tls }: WebhookListen): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `http${tls ? 's' : ''}://${host}:${port}`;
}
