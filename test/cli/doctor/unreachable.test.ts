// What doctor says where there is no API server to ask, or one that does not know who asks.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { unusedPort } from '../../../demo/other-listeners.ts';
import { newFolders, writeFile } from '../../store/directory/opened-store.ts';
import { useProgram } from '../program.ts';

const program = useProgram();

async function examine(server: string) {
  const { directory } = newFolders();
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: {} }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  };
  writeFile(directory, 'kubeconfig.json', JSON.stringify(config));
  return program.run(['doctor', '--kubeconfig', join(directory, 'kubeconfig.json')]);
}

test('an API server that is not there is told of, and what was not looked at for it', async () => {
  const server = `http://127.0.0.1:${await unusedPort()}`;
  const { code, stdout, stderr } = await examine(server);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^✗ API server: http:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/m);
  expect(stdout.replaceAll(/\n\s*/g, ' ')).toContain(
    'Not looked at because of that: clock, custom resources, relays and policies, rights',
  );
  expect(stdout).toMatch(/^Something is to be mended: 0 in order, 1 to look at \(!\), 1 wrong \(✗\)\.$/m);
  expect(code).toBe(1);
});

test.each([
  [401, { message: 'Unauthorized' }, /✗ API server: http:\S+ answered 401 Unauthorized\./],
  [
    200,
    { gitVersion: 'v1.28.3', major: '1', minor: '28+' },
    /✗ API server: Kubernetes v1\.28\.3 answers .*\n\s+Relaykeeper needs Kubernetes 1\.30/,
  ],
])('an API server that answers %d %j is told of', async (status, body, words) => {
  const server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { code, stdout } = await examine(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  expect(stdout).toMatch(words);
  expect(code).toBe(1);
});
