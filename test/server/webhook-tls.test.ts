import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type PeerCertificate } from 'node:tls';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { startWebhookServer } from '../../src/server/webhook-server.ts';
import { eventually } from '../store/eventually.ts';
import { alarm, startWorld, target, token, type World } from './webhook-world.ts';

type Issued = Awaited<ReturnType<Awaited<ReturnType<typeof createAuthority>>['issue']>>;
let first: Issued;
let second: Issued;
let ca: Awaited<ReturnType<typeof createAuthority>>;

beforeAll(async () => {
  ca = await createAuthority({ name: 'Webhook Root' });
  const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
  first = await ca.issue(names);
  second = await ca.issue(names);
});

test('a certificate whose files change is used for the next connection', async () => {
  const { files, put } = await certificateFiles(first);
  const world = await startWorld({ tls: files, limits: { certificatePoll: 20 } });
  expect(await post(world)).toBe(202);
  const before = await presented(world);
  await put(second);
  await eventually(
    'another certificate',
    async () => (await presented(world)).fingerprint256 !== before.fingerprint256,
  );
  expect(await post(world)).toBe(202);
  expect(world.news).toContainEqual({ kind: 'certificate', problem: undefined });
});

test('a pair that does not belong together is told once, and the one before stays in use', async () => {
  const { files, put, putKey } = await certificateFiles(first);
  const world = await startWorld({ tls: files, limits: { certificatePoll: 20 } });
  await putKey(second.privateKeyPem);
  const problems = () => world.news.flatMap((told) => (told.kind === 'certificate' ? [told.problem] : []));
  await eventually('a problem', () => problems().length > 0);
  expect(await post(world)).toBe(202);
  expect(problems()).toEqual([expect.stringContaining(`the key in ${files.keyFile} cannot be used together`)]);
  await put(second);
  await eventually('an end of the problem', () => problems().at(-1) === undefined);
  expect(problems()).toHaveLength(2);
  expect(problems().join()).not.toContain('PRIVATE');
});

test('files that cannot be used are told before anything listens', async () => {
  const { files, putKey } = await certificateFiles(first);
  await putKey('no key');
  const deps = {
    rule: async () => ({ kind: 'unknown' }) as const,
    keep: async () => ({ kind: 'kept' }) as const,
    now: () => 0,
    tell: () => {},
  };
  const start = (tls: typeof files) => startWebhookServer({ address: '127.0.0.1', port: 0, tls }, deps);
  expect(await start(files)).toMatchObject({ kind: 'failed', message: expect.stringContaining(files.keyFile) });
  const missing = join(files.certFile, '..', 'none');
  expect(await start({ ...files, certFile: missing })).toMatchObject({ message: expect.stringContaining(missing) });
});

/** As a mounted Secret has them: `..data` is a link that is swapped. */
async function certificateFiles(pair: Issued) {
  const directory = await mkdtemp(join(tmpdir(), 'webhook-tls-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  let made = 0;
  const swap = async (cert: string, key: string) => {
    made += 1;
    const version = await mkdtemp(join(directory, '..version-'));
    await writeFile(join(version, 'tls.crt'), cert);
    await writeFile(join(version, 'tls.key'), key);
    await symlink(version, join(directory, `..next${made}`));
    await rename(join(directory, `..next${made}`), join(directory, '..data'));
  };
  await swap(pair.chainPem, pair.privateKeyPem);
  const inData = (name: string) => join(directory, '..data', name);
  return {
    files: { certFile: inData('tls.crt'), keyFile: inData('tls.key') },
    put: (next: Issued) => swap(next.chainPem, next.privateKeyPem),
    putKey: (key: string) => swap(pair.chainPem, key),
  };
}

function post({ server }: World): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const options = {
      host: server.address,
      port: server.port,
      path: target,
      method: 'POST',
      ca: ca.certificatePem,
      agent: false,
    };
    const asked = request({ ...options, headers }, (response) => {
      text(response).then(() => resolve(response.statusCode ?? 0), reject);
    });
    asked.on('error', reject).end(JSON.stringify(alarm));
  });
}

function presented({ server }: World): Promise<PeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port, ca: ca.certificatePem }, () => {
      resolve(socket.getPeerCertificate());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
