// The POST to a secret URL: where it may go, what counts as told, and that a failure names neither host nor path.
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { clusterDeniedCidrs } from '../../../src/smtp/address-rule.ts';
import { postJson } from '../../../src/smtp/network/post-json.ts';

const anywhere = { deniedCidrs: [] };

test('posts the document as JSON', async () => {
  const seen: string[] = [];
  const url = await listening((request, response) => {
    request.on('data', (chunk) => seen.push(`${request.method} ${request.headers['content-type']} ${chunk}`));
    request.on('end', () => response.writeHead(204).end());
  });
  expect(await post(url)).toEqual({ kind: 'posted' });
  expect(seen).toEqual(['POST application/json {"text":"so it is"}']);
});

test.each([
  [301, 'a redirect, which is not followed'],
  [404, 'answered 404'],
  [500, 'answered 500'],
])('an answer of %i is a failure', async (status, words) => {
  let asked = 0;
  const url = await listening((request, response) => {
    asked += 1;
    request.resume();
    response.writeHead(status, { location: '/elsewhere' }).end();
  });
  const result = await post(url);
  expect(result).toMatchObject({ kind: 'failed', what: expect.stringContaining(words) });
  expect(JSON.stringify(result)).not.toMatch(/127\.0\.0\.1|secret/);
  expect(asked).toBe(1);
});

test.each([
  [
    'local addresses are denied',
    'http://127.0.0.1:1/secret',
    { deniedCidrs: clusterDeniedCidrs },
    'may not connect to',
  ],
  ['it is http to another host', 'http://192.0.2.1/secret', anywhere, 'must begin with https://'],
  ['it is no URL', 'secret', anywhere, 'none that begins with https://'],
  ['it is of another kind', 'file:///secret', anywhere, 'none that begins with https://'],
  ['nobody listens', 'http://127.0.0.1:1/secret', anywhere, 'could not be reached'],
])('nothing is posted where %s', async (_, url, addressRule, words) => {
  const result = await post(url, { addressRule });
  expect(result).toMatchObject({ kind: 'failed', what: expect.stringContaining(words) });
  expect(JSON.stringify(result)).not.toContain('secret');
});

test('one that does not answer is given up', async () => {
  const url = await listening(() => undefined);
  expect(await post(url, { timeout: 100 })).toEqual({ kind: 'failed', what: 'did not answer in time' });
});

function post(url: string, more: Partial<Parameters<typeof postJson>[2]> = {}) {
  const options = { addressRule: anywhere, signal: new AbortController().signal, timeout: 10_000, ...more };
  return postJson(url, { text: 'so it is' }, options);
}

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`;
}
