// The TLS handshake. Lets every certificate through, so that it can be looked at and reported; the verdict of OpenSSL
// goes along and whoever uses the connection must heed it.
import type { Socket } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import type { Reason } from '../../api/reasons.ts';
import { alertReason, sslWords } from './alert.ts';

export type Handshake =
  | {
      readonly kind: 'secured';
      readonly socket: TLSSocket;
      /** OpenSSL's error about the chain (not about the host name), undefined where it found the chain trustworthy. */
      readonly verdict: string | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly reason: HandshakeReason;
      /** A sentence. */
      readonly what: string;
      /** What came was no TLS, or nothing came: the port may speak something else. */
      readonly doubtful: boolean;
    };

export type HandshakeReason = Extract<
  Reason,
  | 'ConnectionClosed'
  | 'ConnectionReset'
  | 'ProtocolVersionUnsupported'
  | 'ClientCertificateRejected'
  | 'HandshakeTimedOut'
  | 'HandshakeFailed'
>;

export interface HandshakeOptions {
  readonly socket: Socket;
  readonly context: SecureContext;
  /** The name for SNI; none for an IP address (RFC 6066 section 3). */
  readonly serverName: string | undefined;
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export function shakeHands({ socket, context, serverName, timeout, signal }: HandshakeOptions): Promise<Handshake> {
  return new Promise((resolve) => {
    let keysExchanged = false;
    let settled = false;
    const tls = connect({
      socket,
      secureContext: context,
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(serverName === undefined ? {} : { servername: serverName }),
    });
    const timer = setTimeout(() => fail(timedOut(timeout)), timeout);
    const onAbort = () => fail(stopped(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    tls.once('keylog', () => {
      keysExchanged = true;
    });
    // The listeners for errors stay for good: after the handshake they find nothing left to do.
    socket.on('error', (error: NodeJS.ErrnoException) => fail(problem(error, keysExchanged)));
    tls.on('error', (error: NodeJS.ErrnoException) => fail(problem(error, keysExchanged)));
    tls.once('close', () => fail(closed));
    tls.once('secureConnect', () => {
      const verdict = tls.authorized ? undefined : String(tls.authorizationError ?? 'unknown');
      settle({ kind: 'secured', socket: tls, verdict });
    });
    if (signal.aborted) onAbort();

    function settle(outcome: Handshake): void {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (outcome.kind === 'failed') {
        tls.destroy();
        socket.destroy();
      }
      resolve(outcome);
    }
    function fail(outcome: Handshake): void {
      settle(outcome);
    }
  });
}

const closed: Handshake = {
  kind: 'failed',
  reason: 'ConnectionClosed',
  what: 'The server closed the connection during the TLS handshake.',
  doubtful: true,
};

function timedOut(timeout: number): Handshake {
  const what = `The TLS handshake did not end within ${timeout / 1000} s.`;
  return { kind: 'failed', reason: 'HandshakeTimedOut', what, doubtful: true };
}

function stopped({ reason }: AbortSignal): Handshake {
  const why = typeof reason === 'string' ? reason : 'had not ended the TLS handshake when the probe was stopped';
  return { kind: 'failed', reason: 'HandshakeTimedOut', what: `The server ${why}.`, doubtful: false };
}

/** `keysExchanged`: a TLS 1.2 server that misses a client certificate says no more than "handshake failure", but only then. */
function problem(error: NodeJS.ErrnoException, keysExchanged: boolean): Handshake {
  const { code = '', message } = error;
  if (/disconnected before secure/.test(message)) return closed;
  const failed = (reason: HandshakeReason, what: string, doubtful = false): Handshake => {
    return { kind: 'failed', reason, what, doubtful };
  };
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return failed('ConnectionReset', `The connection was reset during the TLS handshake (${code}).`, true);
  }
  if (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|RECORD_LAYER|UNEXPECTED_MESSAGE|BAD_RECORD_TYPE/.test(
      code,
    )
  ) {
    return failed('HandshakeFailed', `What the server sent is no TLS (${sslWords(code, message)}).`, true);
  }
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE/.test(code)) {
    return failed(
      'ProtocolVersionUnsupported',
      `Server and operator have no TLS version in common (${sslWords(code, message)}).`,
    );
  }
  if (/ALERT_HANDSHAKE_FAILURE/.test(code) && keysExchanged) {
    return failed(
      'ClientCertificateRejected',
      'The server ended the handshake when it had no client certificate, or not one it takes.',
    );
  }
  const alert = alertReason(error);
  if (alert?.reason === 'ClientCertificateRejected') return failed(alert.reason, `The server ${alert.what}.`);
  return failed('HandshakeFailed', `The TLS handshake failed: ${sslWords(code || undefined, message)}.`);
}
