// Where the alarm webhook listens, from the flags of `run`.
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { InvalidArgumentError } from 'commander';
import type { WebhookListen } from '../server/webhook-deps.ts';
import { UnusableArgument } from './io.ts';
import { hasRole, type Role } from './roles.ts';

export interface WebhookFlags {
  readonly webhookListen?: ListenAddress;
  readonly webhookTlsCert?: string;
  readonly webhookTlsKey?: string;
  readonly roles?: readonly Role[];
}

export type ListenAddress = Pick<WebhookListen, 'address' | 'port'>;

/** `:8443`, `[::1]:8443`, `127.0.0.1:0`. */
export function listenAddress(text: string): ListenAddress {
  const {
    address = '',
    bracketed,
    port = '',
  } = /^(?:\[(?<bracketed>[^\]]*)\]|(?<address>[^:[\]]*)):(?<port>\d{1,5})$/.exec(text)?.groups ?? {};
  const given = bracketed ?? address;
  const isAddress = bracketed === undefined ? given === '' || isIP(given) === 4 : isIP(given) === 6;
  if (!isAddress || port === '' || Number(port) > 65_535) {
    throw new InvalidArgumentError('It must be an IP address and a port, such as :8443, 127.0.0.1:8443 or [::1]:8443.');
  }
  return { address: given === '' ? anyAddress() : given, port: Number(port) };
}

/** `::` takes IPv4 as well, where the machine has IPv6 at all. */
function anyAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

/** Undefined: there is to be none. Throws UnusableArgument where flags do not go together. */
export function webhookListenOf(flags: WebhookFlags): WebhookListen | undefined {
  const { webhookListen, webhookTlsCert: certFile, webhookTlsKey: keyFile, roles } = flags;
  if (webhookListen === undefined) {
    if (certFile !== undefined || keyFile !== undefined) {
      throw new UnusableArgument('--webhook-tls-cert and --webhook-tls-key go with --webhook-listen');
    }
    if (roles?.includes('webhook')) throw new UnusableArgument('--roles webhook takes --webhook-listen ADDRESS:PORT');
    return undefined;
  }
  if (!hasRole(roles, 'webhook')) throw new UnusableArgument('--webhook-listen goes with the role webhook of --roles');
  if ((certFile === undefined) !== (keyFile === undefined)) {
    throw new UnusableArgument('--webhook-tls-cert and --webhook-tls-key go together');
  }
  const tls = certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined;
  return { ...webhookListen, tls };
}
