// Reminders by `relaykeeper run --directory` as a process of its own, run after run over one state.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { account, folders, mailsOf, policy, put, relay, type Sink, startSink } from '../policies/operating.ts';
import type { Folders } from '../store/directory/opened-store.ts';
import { useProgram } from './program.ts';

const program = useProgram();
const day = 86_400_000;

test('a run that was missed is made up for at the start, and no run repeats what another sent', async () => {
  const files = folders();
  const sink = await startSink();
  const authority = await createAuthority({ name: 'Corporate Root' });
  const { chainPem, privateKeyPem } = await authority.issue({
    dnsNames: ['portal.example.com'],
    notBefore: inDays(-60),
    notAfter: inDays(5.5),
  });
  put(files, 'relay', relay('corporate', sink.port));
  put(files, 'policy', policy({ reminders: rules }));
  const ends = { validTo: inDays(5.5).toISOString(), passwordExpiresAt: inDays(0.5).toISOString() };
  put(files, 'anna', created(inDays(-60), account('anna', ends)));
  put(files, 'tls', secret('portal-tls', { 'tls.crt': chainPem, 'tls.key': privateKeyPem }));
  put(files, 'licence', licence(inDays(5.5)));

  await once(files);
  expect(sink.messages).toEqual([]);
  lastSeenDaysAgo(files, 2);
  await once(files);
  const sent = await subjects(sink);
  expect(sent).toEqual([
    expect.stringMatching(/^1 item ends soon or has ended \(digest\)$/),
    expect.stringMatching(/^Certificate mail\/portal-tls expires in [56] days$/),
    expect.stringMatching(/^License mail\/office expires in [56] days$/),
    expect.stringMatching(/^Your account ends in [56] days$/),
    expect.stringMatching(/^Your password expires (today|tomorrow)$/),
  ]);

  await once(files);
  lastSeenDaysAgo(files, 2);
  await once(files);
  expect(await subjects(sink)).toEqual(sent);
}, 120_000);

const common = { daysBefore: [14, 7, 1], schedule: '0 * * * *', afterExpiry: true };
const toAdmins = { account: false, addresses: ['admins@example.com'] };
const guests = { selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } } };
const licences = {
  apiVersion: 'example.com/v1',
  kind: 'License',
  expiryPath: '$.spec.ends',
  addressPath: '$.spec.owner',
};
const rules = [
  { ...common, name: 'account', subjects: { accounts: { ...guests, expiry: 'AccountEnd' } } },
  { ...common, name: 'password', subjects: { accounts: { ...guests, expiry: 'PasswordEnd' } } },
  { ...common, name: 'certificate', subjects: { certificates: {} }, notify: toAdmins },
  { ...common, name: 'licence', subjects: { resources: licences }, notify: { account: true } },
  {
    ...common,
    name: 'digest',
    subjects: { certificates: {} },
    notify: { ...toAdmins, addresses: ['all@example.com'] },
    digest: true,
  },
];

async function once({ directory, stateDirectory }: Folders): Promise<void> {
  const { code, stdout, stderr } = await program.run([
    'run',
    '--directory',
    directory,
    '--state',
    stateDirectory,
    '--once',
  ]);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^guests .* True +Running/m);
  expect(code).toBe(0);
}

/** As an operator left it that ran last so long ago: it first saw the rules then, and has not carried out a run since. */
function lastSeenDaysAgo({ stateDirectory }: Folders, days: number): void {
  const file = join(stateDirectory, 'status/mail/NotificationPolicy/guests.yaml');
  const text = readFileSync(file, 'utf8');
  const before = new Date(Date.now() - days * day).toISOString();
  const older = text.replaceAll(/^( +since: ).*$/gm, `$1"${before}"`).replaceAll(/^ +lastRun: .*\n/gm, '');
  expect(older).not.toBe(text);
  writeFileSync(file, older);
}

async function subjects(sink: Sink): Promise<(string | undefined)[]> {
  return (await mailsOf(sink)).map(({ subject }) => subject).sort();
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * day);
}

/** A step longer than its whole life would be skipped. */
function created(at: Date, manifest: { readonly metadata?: object }): object {
  return { ...manifest, metadata: { ...manifest.metadata, creationTimestamp: at.toISOString() } };
}

function secret(name: string, stringData: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name, namespace: 'mail' },
    stringData,
  };
}

function licence(end: Date): object {
  const spec = { ends: end.toISOString(), owner: 'owner@example.com' };
  return { apiVersion: 'example.com/v1', kind: 'License', metadata: { name: 'office', namespace: 'mail' }, spec };
}
