// The server of the bench, a program of its own so that it shares no event loop with what is measured: STARTTLS, AUTH
// PLAIN, QUIT, as lean as can be, so that the clients are what costs. Says where it listens on standard output and ends
// with standard input.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { createAuthority } from '../demo/authority.ts';
import type { BenchRelay } from './relay.ts';

const login = { username: 'bench', password: 'bench-password' };
const expected = Buffer.from(`\0${login.username}\0${login.password}`).toString('base64');

const authority = await createAuthority({ name: 'Bench CA' });
const { chainPem, privateKeyPem } = await authority.issue({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] });
const secureContext = createSecureContext({ cert: chainPem, key: privateKeyPem });

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.write('220 bench.example.com ESMTP\r\n');
  converse(socket, { encrypted: false });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' && address ? address.port : 0;
const relay: BenchRelay = { port, caPem: authority.certificatePem, ...login };
process.stdout.write(`${JSON.stringify(relay)}\n`);
process.stdin.resume().once('end', () => process.exit(0));

function converse(socket: Socket, { encrypted }: { encrypted: boolean }): void {
  let pending = '';
  const onData = (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    for (let end = pending.indexOf('\r\n'); end >= 0; end = pending.indexOf('\r\n')) {
      const line = pending.slice(0, end);
      pending = pending.slice(end + 2);
      if (line === 'STARTTLS' && !encrypted) {
        socket.off('data', onData);
        socket.write('220 2.0.0 Ready to start TLS\r\n');
        const secure = new TLSSocket(socket, { isServer: true, secureContext });
        converse(secure, { encrypted: true });
        return;
      }
      answer(socket, { line, encrypted });
    }
  };
  socket.on('data', onData);
  // A client that hangs up is no fault of the server.
  socket.on('error', () => socket.destroy());
}

function answer(socket: Socket, { line, encrypted }: { line: string; encrypted: boolean }): void {
  if (line.startsWith('EHLO ')) {
    const offer = encrypted ? 'AUTH PLAIN LOGIN' : 'STARTTLS';
    socket.write(`250-bench.example.com\r\n250-${offer}\r\n250 ENHANCEDSTATUSCODES\r\n`);
  } else if (line.startsWith('AUTH PLAIN ')) {
    const right = encrypted && line.slice('AUTH PLAIN '.length) === expected;
    socket.write(right ? '235 2.7.0 Authentication successful\r\n' : '535 5.7.8 Authentication failed\r\n');
  } else if (line === 'QUIT') {
    socket.end('221 2.0.0 Bye\r\n');
  } else {
    socket.write('502 5.5.2 Command not recognized\r\n');
  }
}
