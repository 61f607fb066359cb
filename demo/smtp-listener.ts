// A real SMTP server on loopback, as one line of the demo needs it.
import type { Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerAuthentication } from 'smtp-server';
import type { Issued } from './authority.ts';

/** A server that was started here, and that only its starter ends. */
export interface Listener {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

export interface SmtpListenerOptions {
  readonly tls:
    | { readonly mode: 'None' }
    | { readonly mode: 'StartTls' | 'Implicit'; readonly certificate: Pick<Issued, 'chainPem' | 'privateKeyPem'> };
  /** The one login that the server takes; without one it offers none. */
  readonly login?: Login | undefined;
  /** Told of each message, as it came. */
  readonly inbox?: Inbox | undefined;
  /** By default the system chooses one. */
  readonly port?: number | undefined;
}

export type Inbox = (message: Buffer) => void;

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Listens on 127.0.0.1. */
export async function startSmtpListener({ tls, login, inbox, port = 0 }: SmtpListenerOptions): Promise<Listener> {
  const disabled = [tls.mode === 'StartTls' ? [] : ['STARTTLS'], login ? [] : ['AUTH']].flat();
  const server = new SMTPServer({
    name: 'mail.demo.example',
    banner: 'Relaykeeper demo',
    secure: tls.mode === 'Implicit',
    ...(tls.mode === 'None' ? {} : { cert: tls.certificate.chainPem, key: tls.certificate.privateKeyPem }),
    disabledCommands: disabled,
    authOptional: login === undefined,
    hideENHANCEDSTATUSCODES: false,
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, _session, done) =>
      void buffer(stream).then((message) => {
        inbox?.(message);
        done();
      }, done),
    onAuth: (attempt, _session, done) =>
      login !== undefined && isLogin(attempt, login)
        ? done(null, { user: login.username })
        : done(null, { message: 'Authentication credentials invalid', responseCode: 535 }),
  });
  await listening(server, port);
  // A client that refuses the certificate, or hangs up, is what much of the demo is about: no fault of the server.
  server.on('error', () => undefined);
  return { port: portOf(server.server), stop: () => new Promise((resolve) => server.close(resolve)) };
}

/** The port of a listening TCP server. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a TCP port');
  return address.port;
}

function listening(server: SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isLogin(attempt: SMTPServerAuthentication, login: Login): boolean {
  return attempt.username === login.username && attempt.password === login.password;
}
