// What a relay refers to: rotated, missing, of the wrong kind or content. Beside each, another relay goes on.
import { X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { type Authority, createAuthority, type Issued } from '../../demo/authority.ts';
import { startSmtpListener } from '../../demo/smtp-listener.ts';
import { fastest } from '../end-to-end/fastest.ts';
import { basicAuth, plain, silent, startServer, wants, withLogin } from './servers.ts';
import { conditionsOf } from './statuses.ts';
import { openWorld, type World } from './world.ts';

let authority: Authority;
let stranger: Authority;
let certificate: Issued;
beforeAll(async () => {
  [authority, stranger] = await Promise.all([createAuthority(), createAuthority()]);
  certificate = await authority.issue({ ipAddresses: ['127.0.0.1'] });
});

const trusting = (port: number): object => ({
  host: '127.0.0.1',
  port,
  tls: { caSecretRef: { name: 'ca', key: 'ca.crt' } },
  probe: { interval: '1h' },
});

function declareCa(world: World, value: string | Buffer): void {
  world.declareSecret('ca', 'Opaque', { 'ca.crt': value });
}

test('a rotated CA is probed with within 2 s', async () => {
  const server = await startSmtpListener({ tls: { mode: 'StartTls', certificate } });
  const world = await openWorld();
  world.declareRelay('a', trusting(server.port));
  const time = await fastest(2_000, async () => {
    declareCa(world, stranger.certificatePem);
    await world.untilReady('a', 'False CertificateUntrusted');
    return async () => {
      declareCa(world, authority.certificatePem);
      await world.untilReady('a', 'True Succeeded');
    };
  });
  await server.stop();
  expect(time).toBeLessThan(2_000);
});

test('a rotated login is probed with within 2 s', async () => {
  const server = await startServer(wants(() => 'right'));
  const world = await openWorld();
  world.declareRelay('a', withLogin(server.port, 'login'));
  let wrong = 0;
  const time = await fastest(2_000, async () => {
    wrong += 1;
    world.declareSecret('login', basicAuth, { username: 'u', password: `wrong ${wrong}` });
    await world.untilReady('a', 'False AuthenticationFailed');
    return async () => {
      world.declareSecret('login', basicAuth, { username: 'u', password: 'right' });
      await world.untilReady('a', 'True Succeeded');
    };
  });
  expect(time).toBeLessThan(2_000);
});

test('a rotated login ends a slow probe with the old one', async () => {
  const server = await startServer(silent);
  const world = await openWorld();
  world.declareSecret('login', basicAuth, { username: 'u', password: 'old' });
  world.declareRelay('a', withLogin(server.port, 'login'));
  await world.untilReady('a', 'Unknown Probing');
  server.becomes(wants(() => 'new'));
  world.declareSecret('login', basicAuth, { username: 'u', password: 'new' });
  await world.untilReady('a', 'True Succeeded', { within: 10_000 });
});

test('what is not referred to may change without a probe', async () => {
  const server = await startServer();
  const world = await openWorld();
  world.declareRelay('a', plain(server.port));
  await world.untilReady('a', 'True Succeeded');
  world.declareSecret('other', 'Opaque', { a: 'b' });
  world.declareRelay('b', plain(server.port));
  await world.untilReady('b', 'True Succeeded');
  expect(world.writes('a')).toHaveLength(1);
  expect(server.connections()).toBe(2);
});

test('a missing Secret heals by itself when it appears, and is missed again when it goes', async () => {
  const server = await startServer(wants(() => 'right'));
  const world = await openWorld();
  world.declareRelay('a', withLogin(server.port, 'login'));
  world.declareRelay('other', plain(server.port));
  const missing = await world.untilReady('a', 'False SecretNotFound');
  expect(conditionsOf(missing)).toContain('ReferencesResolved=False SecretNotFound');
  expect(missing.conditions?.[0]?.message).toContain(
    'spec.auth.secretRef.name: Secret "login" does not exist in namespace mail',
  );
  await world.untilReady('other', 'True Succeeded');
  expect(server.logins()).toBe(0);
  world.declareSecret('login', basicAuth, { username: 'u', password: 'right' });
  await world.untilReady('a', 'True Succeeded');
  world.remove('login');
  await world.untilReady('a', 'False SecretNotFound');
  expect(world.status('a').lastProbe?.outcome).toBe('Succeeded');
});

const derOf = (pem: string) => Buffer.from(new X509Certificate(pem).raw);

test.each([
  ['a private key', 'CertificateUnparsable', (): string => certificate.privateKeyPem, 'private key'],
  ['a DER file', 'CertificateUnparsable', (): Buffer => derOf(authority.certificatePem), 'DER'],
  ['an empty value', 'SecretKeyMissing', (): string => '', 'has nothing under its key "ca.crt"'],
  [
    '1,000 certificates',
    'CertificateUnparsable',
    (): string => authority.certificatePem.repeat(1_000),
    '1000 certificates',
  ],
  ['no text', 'CertificateUnparsable', () => Buffer.from([0, 255, 254, 0]), 'key "ca.crt"'],
] as const)('a CA Secret that holds %s is refused and said so, and heals', async (_, reason, value, says) => {
  const server = await startSmtpListener({ tls: { mode: 'StartTls', certificate } });
  const plainServer = await startServer();
  const world = await openWorld();
  declareCa(world, value());
  world.declareRelay('a', trusting(server.port));
  world.declareRelay('other', plain(plainServer.port));
  const status = await world.untilReady('a', `False ${reason}`);
  expect(status.conditions?.[0]?.message).toContain('spec.tls.caSecretRef');
  expect(status.conditions?.[0]?.message).toContain(says);
  expect(status.lastProbe).toBeUndefined();
  await world.untilReady('other', 'True Succeeded');
  declareCa(world, authority.certificatePem);
  await world.untilReady('a', 'True Succeeded');
  await server.stop();
});

test('a private key beside the CA is warned of', async () => {
  const server = await startSmtpListener({ tls: { mode: 'StartTls', certificate } });
  const world = await openWorld();
  declareCa(world, authority.certificatePem + certificate.privateKeyPem);
  world.declareRelay('a', trusting(server.port));
  const status = await world.untilReady('a', 'True Succeeded');
  expect(status.lastProbe?.warnings?.map(({ reason }) => reason)).toContain('PrivateKeyNotNeeded');
  await server.stop();
});

test('a login Secret of the wrong type is refused, and not sent', async () => {
  const server = await startServer(wants(() => 'right'));
  const world = await openWorld();
  world.declareSecret('login', 'Opaque', { username: 'u', password: 'right' });
  world.declareRelay('a', withLogin(server.port, 'login'));
  const status = await world.untilReady('a', 'False SecretTypeNotAllowed');
  expect(status.conditions?.[0]?.message).toContain('its type must be kubernetes.io/basic-auth');
  expect(server.connections()).toBe(0);
});

test('a line break at the end of a password is left out, with a warning', async () => {
  const server = await startServer(wants(() => 'right'));
  const world = await openWorld();
  world.declareSecret('login', basicAuth, { username: 'u', password: 'right\n' });
  world.declareRelay('a', withLogin(server.port, 'login'));
  const status = await world.untilReady('a', 'True Succeeded');
  expect(status.lastProbe?.warnings?.map(({ message }) => message).join()).toMatch(
    /line break at the end of the key "password"/,
  );
});
