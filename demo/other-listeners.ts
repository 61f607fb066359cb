// Ports behind which no mail server stands.
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import { type Listener, portOf } from './smtp-listener.ts';

/** A web server: it answers in HTTP whatever it is told. */
export async function startHttpListener(): Promise<Listener> {
  const server = createHttpServer((_request, response) => response.end('This is a web server.\n'));
  await listening(server);
  return {
    port: portOf(server),
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/**
 * A port that refuses connections, and that nothing else gets while this process runs: a connection starts from it, so
 * that it is taken and nobody listens there. One that was merely free a moment ago may be another program's by now.
 */
export async function unusedPort(): Promise<number> {
  const server = createServer((accepted) => accepted.unref().on('error', () => undefined));
  await listening(server);
  const holder = connect(portOf(server), '127.0.0.1');
  holder.on('error', () => undefined);
  await once(holder, 'connect');
  holder.unref();
  server.unref();
  return holder.localPort ?? portOf(server);
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
