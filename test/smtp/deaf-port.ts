// A port that neither accepts nor refuses: its listener sleeps, and its queue of connections is full, so the kernel drops
// further attempts, as a firewall would.
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

export interface DeafPort {
  readonly port: number;
  stop(): Promise<void>;
}

const sleeper = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });`;

export async function startDeafPort(): Promise<DeafPort> {
  const worker = new Worker(sleeper, { eval: true });
  const port = await new Promise<number>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  const fillers: Socket[] = [];
  for (let full = false; !full; ) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    fillers.push(socket);
    full = !(await connectsWithin(socket, 500));
    if (fillers.length > 50) throw new Error('the queue of the deaf port does not fill');
  }
  return {
    port,
    async stop() {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  };
}

function connectsWithin(socket: Socket, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
