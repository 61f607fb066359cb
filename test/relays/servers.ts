// Mail servers on loopback for relays to probe: each counts what is done to it, and may change its mind.
import { onTestFinished } from 'vitest';
import { type Peer, type Script, startHostileServer } from '../smtp/hostile-server.ts';
import { type MailScript, mailScript } from '../smtp/mail-script.ts';

export interface MailServer {
  readonly port: number;
  /** How many connections there have been, and are open now, and were at most open at a time. */
  connections(): number;
  open(): number;
  mostOpen(): number;
  /** How many AUTH commands have come. */
  logins(): number;
  /** From now on it behaves like this. */
  becomes(script: MailScript | Script): void;
}

/** Gone when the test ends. */
export async function startServer(script: MailScript | Script = {}): Promise<MailServer> {
  let current = script;
  let open = 0;
  let mostOpen = 0;
  const server = await startHostileServer((peer, connection) => {
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    void peer.closed.then(() => {
      open -= 1;
    });
    return (typeof current === 'function' ? current : mailScript(current))(peer, connection);
  });
  onTestFinished(() => server.stop());
  return {
    port: server.port,
    connections: () => server.received.length,
    open: () => open,
    mostOpen: () => mostOpen,
    logins: () => server.received.join('\n').match(/^AUTH /gm)?.length ?? 0,
    becomes: (next) => {
      current = next;
    },
  };
}

/** Takes connections and never says a word. */
export function silent(_: Peer): void {}

/** A spec for a plain server here, probed every hour. */
export function plain(port: number, more: object = {}): object {
  return { host: '127.0.0.1', port, tls: { mode: 'None' }, probe: { interval: '1h' }, ...more };
}

/** The same with a login that goes over the plain connection. */
export function withLogin(port: number, secret: string, more: object = {}): object {
  return plain(port, { auth: { secretRef: { name: secret }, allowUnencrypted: true }, ...more });
}

export const basicAuth = 'kubernetes.io/basic-auth';

/** A server that takes one password (mechanism PLAIN, RFC 4616) and refuses others with 535. */
export function wants(password: () => string): MailScript {
  return {
    capabilities: ['AUTH PLAIN'],
    on: {
      AUTH: (line) => {
        const [, , given] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString()
          .split('\0');
        return given === password() ? '235 2.7.0 welcome\r\n' : '535 5.7.8 Error: authentication failed\r\n';
      },
    },
  };
}
