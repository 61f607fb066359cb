// Reminders on a cluster, by the real operator with its own rights: each kind of subject from its object to the mail.
import { expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { brokenLaws } from '../../src/api/conditions.ts';
import type { NotificationPolicy } from '../../src/api/notification-policy.ts';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { mailsOf, type Sink, startSink } from '../policies/operating.ts';
import { eventually } from '../store/eventually.ts';
import { operatorRights } from './rights.ts';
import { createWorld, type World } from './world.ts';

const day = 86_400_000;
const inThreeDays = Date.now() + 3 * day;
/** Where it is about noon, so that no midnight comes while a test runs. */
const timeZone = zoneAtNoon(new Date().getUTCHours());

describeWithCluster('reminders on a cluster', () => {
  test('mail each kind of subject once, after a restart only what was renewed meanwhile', async () => {
    const world = await createWorld(sharedControlPlane(), 'reminders');
    const sink = await startRelay(world);
    await applyLicences(world);
    await applySubjects(world);
    await applyPolicy(world);
    const first = world.startOperator();
    // A run a minute.
    await eventually('a mail of each', () => sink.messages.length >= 6, { within: 100_000 });
    const sent = await mails(sink);
    expect(Object.keys(sent).sort()).toEqual([
      '1 item ends soon or has ended (digest)',
      `Certificate ${world.namespace}/portal-tls expires in 3 days`,
      `License ${world.namespace}/office expires in 3 days`,
      `The certificate of mail relay ${world.namespace}/corporate expires in 3 days`,
      'Your account ends in 3 days',
      'Your password expires in 3 days',
    ]);
    expect(sent['Your account ends in 3 days']).toContain('To: anna@example.com');
    expect(sent['Your account ends in 3 days']).toContain('save what you still need');
    expect(sent['Your password expires in 3 days']).toContain('Change the password before then');
    expect(sent[`Certificate ${world.namespace}/portal-tls expires in 3 days`]).toContain('Issuer: CN=Corporate Root');
    expect(sent[`License ${world.namespace}/office expires in 3 days`]).toContain('To: owner@example.com');
    expect(sent['1 item ends soon or has ended (digest)']).toContain('portal.example.com');
    await untilPolicy(world, 'all are counted', ({ totals }) => totals?.sent === 6 && totals.pending === 0);
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);

    await applyAccount(world, new Date(inThreeDays + 60_000));
    const second = world.startOperator();
    await eventually('the mail about the new end', () => sink.messages.length >= 7, { within: 100_000 });
    const after = await untilPolicy(world, 'it is counted', ({ totals }) => totals?.sent === 7 && totals.pending === 0);
    expect(after.rules?.map(({ name, invalid, message }) => [name, invalid, message])).toEqual(
      ruleNames.map((name) => [name, 0, undefined]),
    );
    expect((await mailsOf(sink)).at(-1)).toMatchObject({ subject: 'Your account ends in 3 days' });
    expect(sink.messages).toHaveLength(7);
    second.signal('SIGTERM');
    expect(await second.ended).toBe(0);
    expect([first, second].flatMap(({ log }) => log.filter(({ level }) => level >= 50))).toEqual([]);
  }, 300_000);

  test('say that a kind may not be looked at, until it is granted', async () => {
    const world = await createWorld(sharedControlPlane(), 'reminders');
    const sink = await startRelay(world);
    await applyLicences(world, []);
    await applyPolicy(world, ['licence']);
    world.startOperator();
    const refused = await untilPolicy(world, 'it is refused', ({ rules }) => rules?.[0]?.message !== undefined);
    expect(refused.rules?.[0]?.message).toMatch(/list licenses/);
    await world.grant([...operatorRights(world.namespace), readLicences]);
    await eventually('the mail', () => sink.messages.length > 0, { within: 150_000 });
    expect(Object.keys(await mails(sink))).toEqual([`License ${world.namespace}/office expires in 3 days`]);
  }, 300_000);
});

const group = 'reminders.test.relaykeeper.dev';
const readLicences = { apiGroups: [group], resources: ['licenses'], verbs: ['get', 'list', 'watch'] };

/** A server with TLS whose certificate ends soon, and the relay that was told to trust it. */
async function startRelay(world: World): Promise<Sink> {
  const authority = await createAuthority({ name: 'Mail CA' });
  const issued = await authority.issue({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'], ...validity });
  const sink = await startSink({ tls: { cert: issued.chainPem, key: issued.privateKeyPem } });

  await world.applyConfigMap('ca', { 'ca.crt': authority.certificatePem });
  await world.apply('corporate', {
    host: '127.0.0.1',
    port: sink.port,
    tls: { caConfigMapRef: { name: 'ca' } },
    sender: { address: 'portal@example.com' },
    probe: { interval: '1h', depth: 'Tls' },
  });
  return sink;
}

/** Of a certificate whose life is longer than the step. */
const validity = { notBefore: new Date(Date.now() - 60 * day), notAfter: new Date(inThreeDays) };

/** A kind that nobody knows of, with an object of it. */
async function applyLicences({ cluster, namespace, grant }: World, rights = [readLicences]): Promise<void> {
  await cluster.apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `licenses.${group}` },
    spec: {
      group,
      names: { plural: 'licenses', singular: 'license', kind: 'License', listKind: 'LicenseList' },
      scope: 'Namespaced',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  });
  await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=30s', `crd/licenses.${group}`]);
  await cluster.apply({
    apiVersion: `${group}/v1`,
    kind: 'License',
    metadata: { namespace, name: 'office' },
    spec: { ends: new Date(inThreeDays).toISOString(), owner: 'owner@example.com' },
  });
  await grant([...operatorRights(namespace), ...rights]);
}

async function applySubjects(world: World): Promise<void> {
  const authority = await createAuthority({ name: 'Corporate Root' });
  const { chainPem, privateKeyPem } = await authority.issue({ dnsNames: ['portal.example.com'], ...validity });
  await world.applySecret('portal-tls', {
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': chainPem, 'tls.key': privateKeyPem },
  });
  await applyAccount(world, new Date(inThreeDays));
}

function applyAccount({ cluster, namespace }: World, validTo: Date): Promise<void> {
  const ends = { validTo: validTo.toISOString(), passwordExpiresAt: new Date(inThreeDays).toISOString() };
  return cluster.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'relaykeeper.dev/account',
    metadata: { namespace, name: 'anna', labels: { 'relaykeeper.dev/account': 'guest' } },
    stringData: { username: 'anna', password: 'secret-of-anna', email: 'anna@example.com', ...ends },
  });
}

const guests = { selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } } };
const licences = {
  apiVersion: `${group}/v1`,
  kind: 'License',
  expiryPath: '$.spec.ends',
  addressPath: '$.spec.owner',
};
const toAdmins = { account: false, addresses: ['admins@example.com'] };
const rules = [
  { name: 'account', subjects: { accounts: { ...guests, expiry: 'AccountEnd' } } },
  { name: 'password', subjects: { accounts: { ...guests, expiry: 'PasswordEnd' } } },
  { name: 'certificate', subjects: { certificates: {} }, notify: toAdmins },
  { name: 'licence', subjects: { resources: licences }, notify: { account: true } },
  { name: 'relay', subjects: { relays: {} }, notify: toAdmins },
  { name: 'digest', subjects: { certificates: {} }, notify: toAdmins, digest: true },
];
const ruleNames = rules.map(({ name }) => name);

function applyPolicy({ cluster, namespace }: World, names = ruleNames): Promise<void> {
  const common = { daysBefore: [3], schedule: '* * * * *', timeZone };
  const reminders = rules.filter(({ name }) => names.includes(name)).map((rule) => ({ ...common, ...rule }));
  return cluster.apply({
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'NotificationPolicy',
    metadata: { namespace, name: 'ends' },
    spec: { relayRef: { name: 'corporate' }, reminders },
  });
}

/** Head and text, by subject. */
async function mails(sink: Sink): Promise<Readonly<Record<string, string>>> {
  const parsed = await mailsOf(sink);
  return Object.fromEntries(
    parsed.map(({ subject, to, text }) => [subject, `To: ${to && 'text' in to ? to.text : ''}\n\n${text}`]),
  );
}

function zoneAtNoon(utcHours: number): string {
  const ahead = 12 - utcHours;
  // POSIX counts the other way: Etc/GMT-2 is two hours ahead.
  return ahead === 0 ? 'Etc/UTC' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

type Status = NonNullable<NotificationPolicy['status']>;

function untilPolicy({ kubectl }: World, what: string, holds: (status: Status) => boolean): Promise<Status> {
  return eventually(
    what,
    async () => {
      const { status = {} }: NotificationPolicy = JSON.parse(await kubectl('get', 'npol', 'ends', '-o', 'json'));
      if (status.conditions) expect(brokenLaws(status)).toEqual([]);
      return holds(status) ? status : undefined;
    },
    { within: 60_000 },
  );
}
