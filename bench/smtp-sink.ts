// The sink of the bench: takes every message and keeps none, as lean as can be. A program of its own, in plain text, so
// that the clients are what costs. Says where it listens on standard output and ends with standard input; a parent that
// listens is told how many messages there were.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

const server = createServer((socket) => {
  socket.setNoDelay(true);
  socket.write('220 sink.example.com ESMTP\r\n');
  converse(socket);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
process.stdout.write(`${JSON.stringify({ port: typeof address === 'object' && address ? address.port : 0 })}\n`);
process.stdin.resume().once('end', () => process.exit(0));

let messages = 0;
let told = 0;
setInterval(tell, 5).unref();

function tell(): void {
  if (messages === told || !process.connected) return;
  told = messages;
  process.send?.(messages);
}

function converse(socket: Socket): void {
  let pending = '';
  let inMessage = false;
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    const replies: string[] = [];
    for (;;) {
      const [marker, skip] = inMessage ? ['\r\n.\r\n', 5] : ['\r\n', 2];
      const end = pending.indexOf(marker);
      if (end < 0) break;
      const line = pending.slice(0, end);
      pending = pending.slice(end + skip);
      messages += inMessage ? 1 : 0;
      replies.push(inMessage ? '250 2.0.0 Ok: queued as 4B2A\r\n' : answer(line));
      inMessage = !inMessage && line === 'DATA';
    }
    if (replies.length > 0) socket.write(replies.join(''));
    if (replies.at(-1)?.startsWith('221')) socket.end();
  });
  // A client that hangs up is no fault of the server.
  socket.on('error', () => socket.destroy());
}

function answer(line: string): string {
  switch (line.slice(0, 4).toUpperCase()) {
    case 'EHLO':
      return '250-sink.example.com\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n';
    case 'DATA':
      return '354 End data with <CR><LF>.<CR><LF>\r\n';
    case 'QUIT':
      return '221 2.0.0 Bye\r\n';
    case 'HELO':
    case 'MAIL':
    case 'RCPT':
    case 'RSET':
      return '250 2.1.0 Ok\r\n';
    default:
      return '502 5.5.2 Command not recognized\r\n';
  }
}
