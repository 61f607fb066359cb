// Looks again, on a connection of its own, at what a port speaks when the first conversation made no sense of it. Only
// done once a server has been given its full time: talking before the greeting makes some servers block the client.
import { connect as connectPlain, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { type Protocol, recognizeProtocol } from './protocol.ts';
import { closeSocket } from './wire/close-socket.ts';

export interface Look {
  readonly address: string;
  readonly port: number;
  readonly serverName: string | undefined;
  /** Milliseconds that each of the connections may take. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/** What a server speaks that said nothing to a plain client: it may wait for TLS or for a request. */
export async function lookAtSilentServer(look: Look): Promise<Protocol | undefined> {
  const toHello = await firstBytes(openPlain(look), look, await clientHello(look.serverName));
  return recognizeProtocol(toHello) ?? recognizeProtocol(await firstBytes(openPlain(look), look, httpRequest));
}

/** What a server speaks that could not answer a TLS client: most say so when one just listens. */
export async function lookAtPlainServer(look: Look): Promise<Protocol | undefined> {
  const unasked = await firstBytes(openPlain(look), look, undefined);
  return recognizeProtocol(unasked) ?? recognizeProtocol(await firstBytes(openPlain(look), look, httpRequest));
}

/** What a server speaks inside TLS that sent no greeting there. */
export async function lookInsideTls(look: Look): Promise<Protocol | undefined> {
  return recognizeProtocol(await firstBytes(openTls(look), look, httpRequest));
}

const httpRequest = Buffer.from('GET / HTTP/1.0\r\n\r\n');
const enoughBytes = 64;

function openPlain({ address, port }: Look): Socket {
  return connectPlain({ host: address, port });
}

/** Nothing is trusted and nothing confidential is sent, so the certificate does not matter. */
function openTls({ address, port, serverName }: Look): Socket {
  return connectTls({
    host: address,
    port,
    rejectUnauthorized: false,
    ...(serverName ? { servername: serverName } : {}),
  });
}

function firstBytes(socket: Socket, { patience, signal }: Look, say: Buffer | undefined): Promise<Buffer> {
  return new Promise((resolve) => {
    let seen: Buffer = Buffer.alloc(0);
    let done = false;
    const finish = () => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      void leave(socket, say === undefined && greets(seen)).then(() => resolve(seen));
    };
    const timer = setTimeout(finish, patience);
    signal.addEventListener('abort', finish, { once: true });
    socket.on('error', finish).on('close', finish).on('end', finish);
    socket.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk.subarray(0, enoughBytes)]);
      if (seen.length >= 5 && recognizeProtocol(seen) !== undefined) finish();
      else if (seen.length >= enoughBytes) finish();
    });
    if (say) socket.write(say);
    if (signal.aborted) finish();
  });
}

function greets(seen: Buffer): boolean {
  return /^220[ -]/.test(seen.toString('latin1'));
}

/** A mail server that greeted is told goodbye, so that it logs no lost connection. */
async function leave(socket: Socket, greeted: boolean): Promise<void> {
  if (greeted && socket.writable) socket.write('QUIT\r\n');
  else socket.destroy();
  await closeSocket(socket);
}

/** The first flight of a real TLS client, as bytes. */
function clientHello(serverName: string | undefined): Promise<Buffer> {
  return new Promise((resolve) => {
    const sink = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        done();
        resolve(chunk);
        setImmediate(() => client.destroy());
      },
    });
    const client = connectTls({
      socket: sink,
      rejectUnauthorized: false,
      ...(serverName ? { servername: serverName } : {}),
    });
    client.on('error', () => resolve(Buffer.alloc(0)));
  });
}
