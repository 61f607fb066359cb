import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { unusedPort } from '../../demo/other-listeners.ts';

test('an unused port refuses connections, and nobody else gets it', async () => {
  const port = await unusedPort();
  const [refused] = await once(connect(port, '127.0.0.1').on('connect', unexpected), 'error');
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  const [taken] = await once(createServer().listen(port, '127.0.0.1').on('listening', unexpected), 'error');
  expect(taken).toMatchObject({ code: 'EADDRINUSE' });
});

function unexpected(): never {
  throw new Error('the port was to be had');
}
