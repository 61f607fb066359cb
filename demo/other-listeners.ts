// Ports behind which no mail server stands.
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
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

/** A port that was free a moment ago and that nothing listens on. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await listening(server);
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
