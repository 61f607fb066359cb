import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { connectFirst } from '../../../src/smtp/network/connect.ts';
import { type DeafPort, startDeafPort } from '../deaf-port.ts';
import { listen } from '../hostile-server.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A port that is deaf on 127.0.0.1 and answers on 127.0.0.2. */
async function halfDeaf(): Promise<DeafPort> {
  const deaf = await startDeafPort();
  stops.push(deaf.stop);
  const server = createServer((socket) => socket.end());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(deaf.port, '127.0.0.2', resolve);
  });
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  return deaf;
}

const signal = new AbortController().signal;

describe('of several addresses', () => {
  test('the second is tried while the first keeps silent, and wins', async () => {
    const { port } = await halfDeaf();
    const { socket, attempts } = await connectFirst(['127.0.0.1', '127.0.0.2'], { port, timeout: 20_000, signal });
    expect(socket?.remoteAddress).toBe('127.0.0.2');
    expect(attempts).toEqual([
      { address: '127.0.0.2', reason: undefined, code: undefined },
      { address: '127.0.0.1', reason: 'Superseded', code: undefined },
    ]);
    socket?.destroy();
  });

  test('the next is tried at once when one refuses', async () => {
    const server = createServer((socket) => socket.end());
    const port = await listen(server, '127.0.0.2');
    stops.push(() => new Promise((resolve) => server.close(() => resolve())));
    const options = { port, timeout: 20_000, signal, attemptDelay: 1_000_000 };
    const { socket, attempts } = await connectFirst(['127.0.0.1', '127.0.0.2'], options);
    expect(socket?.remoteAddress).toBe('127.0.0.2');
    expect(attempts.map(({ reason }) => reason)).toEqual(['ConnectionRefused', undefined]);
    socket?.destroy();
  });
});

test('a stopped probe gives up connecting', async () => {
  const { port } = await halfDeaf();
  const stop = new AbortController();
  const connecting = connectFirst(['127.0.0.1'], { port, timeout: 60_000, signal: stop.signal });
  stop.abort();
  expect((await connecting).socket).toBeUndefined();
});
