// A TCP server on loopback that does exactly what a script says, right or wrong, and remembers what it was told.
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type TlsOptions } from 'node:tls';

export interface Peer {
  send(text: string | Buffer): void;
  /** The next line, without its end; undefined once the client is gone. */
  line(): Promise<string | undefined>;
  /** Goes over to TLS; resolves once the handshake is done, to undefined where it failed. */
  secure(options: TlsOptions): Promise<Peer | undefined>;
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;
  readonly socket: Socket;
  end(): void;
  /** A TCP RST. */
  reset(): void;
}

export interface HostileServer {
  readonly port: number;
  /** All bytes received, by connection, as Latin-1 text. */
  readonly received: readonly string[];
  stop(): Promise<void>;
}

export type Script = (peer: Peer, connection: number) => unknown;

/** On any free port, unless it is one that came before. */
export async function startHostileServer(script: Script, host = '127.0.0.1', again = 0): Promise<HostileServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const connection = received.length;
    received.push('');
    sockets.add(socket);
    socket.on('error', () => undefined); // clients that hang up are what the tests are about
    socket.on('close', () => sockets.delete(socket));
    const hear = (text: string) => {
      received[connection] += text;
    };
    void script(peerOver(socket, hear), connection);
  });
  const port = await listen(server, host, again);
  return {
    port,
    received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export function listen(server: Server, host = '127.0.0.1', again = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(again, host, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no TCP port'));
      else resolve(address.port);
    });
  });
}

function peerOver(socket: Socket, hear: (text: string) => void): Peer {
  let buffer = '';
  let over = false;
  let wake = () => {};
  const onData = (chunk: Buffer) => {
    buffer += chunk.toString('latin1');
    hear(chunk.toString('latin1'));
    wake();
  };
  const onEnd = () => {
    over = true;
    wake();
  };
  socket.on('data', onData).on('end', onEnd).on('close', onEnd);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    socket,
    closed,
    send: (text) => {
      if (socket.writable) socket.write(text);
    },
    async line() {
      for (;;) {
        const end = buffer.indexOf('\n');
        if (end !== -1) {
          const line = buffer.slice(0, end).replace(/\r$/, '');
          buffer = buffer.slice(end + 1);
          return line;
        }
        if (over) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    secure(options) {
      socket.off('data', onData);
      return new Promise((resolve) => {
        const secured = new TLSSocket(socket, {
          isServer: true,
          secureContext: createSecureContext(options),
          ...(options.requestCert ? { requestCert: true, rejectUnauthorized: true } : {}),
        });
        secured.on('error', () => resolve(undefined));
        socket.once('close', () => resolve(undefined));
        secured.once('secure', () => resolve(peerOver(secured, hear)));
      });
    },
    end: () => {
      socket.end();
    },
    reset: () => {
      socket.resetAndDestroy();
    },
  };
}
