// Connects to the first of several addresses that answers: a new attempt every 250 ms or as soon as one fails
// (RFC 8305 section 5). Tells of every address tried; closes all but the one that won.
import { connect, type Socket } from 'node:net';
import type { Reason } from '../../api/reasons.ts';

export type ConnectReason = Extract<
  Reason,
  'ConnectionRefused' | 'ConnectionReset' | 'ConnectionTimedOut' | 'NetworkUnreachable'
>;

export interface Attempt {
  readonly address: string;
  /** `Superseded`: still under way when another address answered. */
  readonly reason: ConnectReason | 'Superseded' | undefined;
  readonly code: string | undefined;
}

export interface Connected {
  readonly socket: Socket | undefined;
  readonly attempts: readonly Attempt[];
}

export interface ConnectOptions {
  readonly port: number;
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** RFC 8305's Connection Attempt Delay. */
  readonly attemptDelay?: number;
}

export function connectFirst(addresses: readonly string[], options: ConnectOptions): Promise<Connected> {
  const { port, timeout, signal, attemptDelay = 250 } = options;
  return new Promise((resolve) => {
    const waiting = [...addresses];
    const open = new Map<string, Socket>();
    const attempts: Attempt[] = [];
    let delay: NodeJS.Timeout | undefined;

    const deadline = setTimeout(giveUp, timeout);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    else next();

    function next(): void {
      clearTimeout(delay);
      const address = waiting.shift();
      if (address === undefined) {
        if (open.size === 0) finish(undefined);
        return;
      }
      const socket = connect({ host: address, port, noDelay: true });
      open.set(address, socket);
      socket.once('connect', () => won(address, socket));
      socket.on('error', (error: NodeJS.ErrnoException) => lost(address, error));
      if (waiting.length > 0) delay = setTimeout(next, attemptDelay);
    }

    function won(address: string, socket: Socket): void {
      if (!open.delete(address)) return;
      attempts.push({ address, reason: undefined, code: undefined });
      finish(socket); // its error listener stays, so that no error is ever unhandled
    }

    function lost(address: string, { code }: NodeJS.ErrnoException): void {
      if (!open.delete(address)) return;
      attempts.push({ address, reason: connectReason(code), code });
      next();
    }

    function giveUp(): void {
      for (const address of open.keys()) attempts.push({ address, reason: 'ConnectionTimedOut', code: undefined });
      finish(undefined);
    }

    function finish(socket: Socket | undefined): void {
      clearTimeout(delay);
      clearTimeout(deadline);
      signal.removeEventListener('abort', giveUp);
      waiting.length = 0;
      for (const [address, loser] of open) {
        if (socket) attempts.push({ address, reason: 'Superseded', code: undefined });
        loser.destroy();
      }
      open.clear();
      resolve({ socket, attempts });
    }
  });
}

/** What all attempts together mean, where none succeeded: what a server said counts for more than a missing route. */
export function worstReason(attempts: readonly Attempt[]): ConnectReason {
  const order = ['ConnectionRefused', 'ConnectionReset', 'ConnectionTimedOut', 'NetworkUnreachable'] as const;
  return order.find((reason) => attempts.some((attempt) => attempt.reason === reason)) ?? 'ConnectionTimedOut';
}

function connectReason(code: string | undefined): ConnectReason {
  switch (code) {
    case 'ECONNREFUSED':
      return 'ConnectionRefused';
    case 'ETIMEDOUT':
      return 'ConnectionTimedOut';
    case 'ECONNRESET':
    case 'ECONNABORTED':
      return 'ConnectionReset';
    default:
      // ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, and EACCES or EPERM of a local firewall.
      return 'NetworkUnreachable';
  }
}
