import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectToCluster } from '../../../src/store/kubernetes/connect.ts';
import { connectInCluster } from '../../../src/store/kubernetes/in-cluster.ts';
import { createTestClock } from '../test-clock.ts';

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'relaykeeper-connect-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const config = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    { name: 'one', cluster: { server: 'https://one.example.com:6443/base', 'tls-server-name': 'kubernetes' } },
    { name: 'two', cluster: { server: 'https://two.example.com', 'certificate-authority-data': 'Q0E=' } },
    { name: 'bad', cluster: { server: 'nonsense' } },
  ],
  users: [
    { name: 'token', user: { token: 'abc' } },
    { name: 'certificate', user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' } },
    {
      name: 'plugin',
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: 'sh',
          args: [
            '-c',
            `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-plugin"}}'`,
          ],
        },
      },
    },
    {
      name: 'broken-plugin',
      user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/nothing/here' } },
    },
  ],
  contexts: [
    { name: 'first', context: { cluster: 'one', user: 'token', namespace: 'mail' } },
    { name: 'second', context: { cluster: 'two', user: 'certificate' } },
    { name: 'plugin', context: { cluster: 'two', user: 'plugin' } },
    { name: 'broken-plugin', context: { cluster: 'two', user: 'broken-plugin' } },
    { name: 'no-cluster', context: { cluster: 'three', user: 'token' } },
    { name: 'no-url', context: { cluster: 'bad', user: 'token' } },
  ],
  'current-context': 'first',
};

function kubeconfig(text = JSON.stringify(config)): string {
  const path = join(temporaryDirectory(), 'kubeconfig');
  writeFileSync(path, text);
  return path;
}

async function usable(context?: string) {
  const result = await connectToCluster({ kubeconfig: kubeconfig(), context, environment: {} });
  if (result.kind === 'unusable') throw new Error(result.message);
  return result.connection;
}

test('the current context gives server, namespace, trust and token', async () => {
  const connection = await usable();
  expect(connection.server.href).toBe('https://one.example.com:6443/base');
  expect(connection.namespace).toBe('mail');
  expect(await connection.credentials()).toEqual({
    headers: { Authorization: 'Bearer abc' },
    tls: { servername: 'kubernetes' },
  });
});

test('another context is taken by name; a client certificate is presented', async () => {
  const connection = await usable('second');
  expect(connection.namespace).toBe('default');
  const { headers, tls } = await connection.credentials();
  expect(headers).toEqual({});
  expect([tls.ca, tls.cert, tls.key].map(String)).toEqual(['CA', 'CERT', 'KEY']);
});

test('a plugin is run for its token', async () => {
  expect((await (await usable('plugin')).credentials()).headers).toEqual({ Authorization: 'Bearer from-plugin' });
  await expect((await usable('broken-plugin')).credentials()).rejects.toThrow('/nothing/here');
});

test.each([
  ['a context that is not there', { context: 'third' }, /has no context "third"; it has first, second/],
  ['a context without its cluster', { context: 'no-cluster' }, /names cluster "three", which is not in it/],
  ['a server that is no URL', { context: 'no-url' }, /"nonsense" of cluster "bad" is no URL/],
  [
    'a file that is not there',
    { kubeconfig: '/nothing/here' },
    /the kubeconfig \/nothing\/here cannot be read: ENOENT/,
  ],
  ['a file that is no YAML', { kubeconfig: kubeconfigLater('{') }, /cannot be read/],
  ['an empty file', { kubeconfig: kubeconfigLater('') }, /the kubeconfig .* (has no context|cannot be read)/],
])('%s is said', async (_, choice, message) => {
  const given = 'kubeconfig' in choice ? choice.kubeconfig : undefined;
  const path = typeof given === 'function' ? given() : (given ?? kubeconfig());
  const context = 'context' in choice ? choice.context : undefined;
  const result = await connectToCluster({ kubeconfig: path, context, environment: {} });
  expect(result).toMatchObject({ kind: 'unusable', message: expect.stringMatching(message) });
});

test('with nothing to connect to it says what to give', async () => {
  const result = await connectToCluster({ environment: { HOME: temporaryDirectory() } });
  expect(result).toMatchObject({ kind: 'unusable', message: expect.stringContaining('--kubeconfig FILE') });
});

test('in a pod the token is read again once a minute, and IPv6 addresses are bracketed', async () => {
  const directory = temporaryDirectory();
  const write = (token: string) => writeFileSync(join(directory, 'token'), `${token}\n`);
  writeFileSync(join(directory, 'ca.crt'), 'CA');
  writeFileSync(join(directory, 'namespace'), 'operators\n');
  write('first');
  const clock = createTestClock();
  const result = connectInCluster({
    environment: { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' },
    serviceAccountDirectory: directory,
    clock,
  });
  if (result.kind === 'unusable') throw new Error(result.message);
  const { connection } = result;
  expect([connection.server.href, connection.namespace]).toEqual(['https://[fd00::1]/', 'operators']);
  expect(await connection.credentials()).toEqual({ headers: { authorization: 'Bearer first' }, tls: { ca: 'CA' } });
  write('second');
  expect((await connection.credentials()).headers.authorization).toBe('Bearer first');
  clock.stopFor(61_000);
  expect((await connection.credentials()).headers.authorization).toBe('Bearer second');
});

test('a pod without a service account is told so', () => {
  const directory = join(temporaryDirectory(), 'empty');
  mkdirSync(directory);
  const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
  const place = { environment, serviceAccountDirectory: directory, clock: createTestClock() };
  expect(connectInCluster(place)).toMatchObject({ kind: 'unusable', message: expect.stringContaining('ca.crt') });
});

/** Made within the test, so that it goes with it. */
function kubeconfigLater(text: string): () => string {
  return () => kubeconfig(text);
}
