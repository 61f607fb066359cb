// Each kind of thing that ends, from its manifest to the mail that a server got, and what is said of those that cannot be
// used. At a driven clock; a relay's certificate has to be valid by the machine's own.
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import type { Folders } from '../store/directory/opened-store.ts';
import {
  account,
  eventsOf,
  folders,
  mailsOf,
  type Operator,
  policy,
  put,
  relay,
  type Sink,
  startOperator,
  startSink,
  until,
} from './operating.ts';

const day = 86_400_000;
/** An hour before the run at eight, tomorrow. */
const start = (Math.floor(Date.now() / day) + 1) * day + 7 * 3_600_000;
const toAdmins = { account: false, addresses: ['admins@example.com'] };

describe('a reminder of', { timeout: 60_000 }, () => {
  test.each<readonly [string, object, string, string, readonly string[]]>([
    [
      "a guest's end tells the guest what to do before then",
      {
        manifest: kindOf('guest', account('anna', { validTo: at(7), sponsorEmail: 'boss@example.com' })),
        subjects: accounts('AccountEnd', 'guest'),
      },
      'anna@example.com',
      'Your account ends in 7 days',
      ['Valid to: ', 'save what you still need', 'let your sponsor (boss@example.com) extend the account'],
    ],
    [
      "an internal user's password says how to go on",
      {
        manifest: kindOf('internal', account('bert', { passwordExpiresAt: at(1) })),
        subjects: accounts('PasswordEnd', 'internal'),
      },
      'bert@example.com',
      'Your password expires tomorrow',
      ['User name: bert', 'Change the password before then'],
    ],
    [
      "an administrator's password warns of scripts too",
      {
        manifest: kindOf('admin', account('root', { passwordExpiresAt: at(7) })),
        subjects: accounts('PasswordEnd', 'admin'),
      },
      'root@example.com',
      'Your password expires in 7 days',
      ['This is an administrator account', 'scripts, backups and services'],
    ],
    [
      'a resource goes to whom its address path names',
      {
        manifest: {
          apiVersion: 'cert-manager.io/v1',
          kind: 'Certificate',
          metadata: { name: 'shop', namespace: 'mail', annotations: { owner: 'shop@example.com' } },
          status: { notAfter: at(7) },
        },
        subjects: certManager({ addressPath: '$.metadata.annotations.owner' }),
      },
      'shop@example.com',
      'Certificate mail/shop expires in 7 days',
      ['Expires: ', 'Name: shop', 'Namespace: mail', 'Renew it before then'],
    ],
  ])('%s', async (_, { manifest, ...rule }: { manifest?: object }, to, subject, words) => {
    const world = await running([{ ...rule, notify: { account: true } }], manifest ?? {});
    await until('it is seen', () => world.rule()?.subjects === 1);
    await world.go(start + 3_700_000);
    const mail = await world.mail();
    expect(mail).toMatchObject({ to: { text: to }, subject });
    for (const each of words) expect(mail.text).toContain(each);
  });

  test('a TLS Secret names the certificate', async () => {
    const world = await running([{ subjects: { certificates: {} }, notify: toAdmins }], await tlsSecret(7));
    await until('it is seen', () => world.rule()?.subjects === 1);
    await world.go(start + 3_700_000);
    const mail = await world.mail();
    expect(mail.subject).toBe('Certificate mail/portal-tls expires in 7 days');
    expect(mail.text).toContain('Names: portal.example.com\n');
    expect(mail.text).toContain('Issuer: CN=Corporate Root\n');
    expect(mail.text).toContain('Renew the certificate and put it, with its key, into this Secret');
    expect(mail.html).toContain('portal.example.com');
  });

  test("a relay's certificate, as a probe saw it", async () => {
    const authority = await createAuthority({ name: 'Mail CA' });
    const short = await authority.issue({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'], notAfter: ends(7) });
    const sink = await startSink({ tls: { cert: short.chainPem, key: short.privateKeyPem } });
    const spec = { tls: { mode: 'StartTls', caSecretRef: { name: 'ca' } }, probe: { interval: '10s', depth: 'Tls' } };
    const world = await running(
      [{ subjects: { relays: {} }, notify: toAdmins }],
      secret('ca', 'Opaque', { 'ca.crt': authority.certificatePem }),
      { sink, relay: relay('corporate', sink.port, spec) },
    );
    await until('it was probed', async () => {
      await world.go(start);
      return world.rule()?.subjects === 1;
    });
    await world.go(start + 3_700_000);
    const mail = await world.mail();
    expect(mail.subject).toBe('The certificate of mail relay mail/corporate expires in 7 days');
    expect(mail.text).toContain(`Server: 127.0.0.1:${sink.port}\n`);
    expect(mail.text).toContain('Issuer: CN=Mail CA\n');
    expect(mail.text).toContain('Whoever runs this mail server must renew its certificate');
  });

  test('all certificates at once is one digest, with their names', async () => {
    const rule = { subjects: { certificates: {} }, notify: toAdmins, digest: true };
    const world = await running([rule], await tlsSecret(7), await tlsSecret(1, 'shop-tls', 'shop.example.com'));
    await until('they are seen', () => world.rule()?.subjects === 2);
    await world.go(start + 3_700_000);
    const mail = await world.mail();
    expect(mail.subject).toBe('2 items end soon or have ended (rule-0)');
    const [soon, later] = [mail.text?.indexOf('shop.example.com'), mail.text?.indexOf('portal.example.com')];
    expect(soon).toBeGreaterThan(0);
    expect(later).toBeGreaterThan(soon ?? 0);
    expect(mail.html).toMatch(/<th[^>]*>[^<]*Days left/);
    expect(world.sink.messages).toHaveLength(1);
  });
});

test('a renewed account begins its steps again', { timeout: 60_000 }, async () => {
  const rule = { subjects: accounts('AccountEnd', 'guest'), notify: { account: true } };
  const world = await running([rule], account('anna', { validTo: at(7) }));
  await until('it is seen', () => world.rule()?.subjects === 1);
  await world.go(start + 3_700_000);
  await until('the first step', () => world.rule()?.sent === 1);
  put(world.files, 'thing-0', account('anna', { validTo: at(9) }));
  await until('the renewal is seen', () => (world.upcoming() ?? '').startsWith(at(2).slice(0, 10)));
  await world.go(start + day + 3_700_000);
  await until('a run without a step', () => world.rule()?.lastRun === at(1, 1));
  await world.go(start + 2 * day + 3_700_000);
  await until('the first step again', () => world.rule()?.sent === 2);
  expect((await mailsOf(world.sink)).map(({ subject }) => subject)).toEqual([
    'Your account ends in 7 days',
    'Your account ends in 7 days',
  ]);
});

describe('what cannot be used is said where one looks', { timeout: 60_000 }, () => {
  test.each<readonly [string, object, string]>([
    ['a time zone', { timeZone: 'Europe/Berln' }, 'spec.reminders[0].timeZone'],
    ['a schedule', { schedule: '0 25 * * *' }, 'spec.reminders[0].schedule'],
    ['a schedule that never comes', { schedule: '0 0 30 2 *' }, 'spec.reminders[0].schedule'],
    ['an expiry path', { subjects: certManager({ expiryPath: '$.status[*]' }) }, 'resources.expiryPath'],
    ['an address path', { subjects: certManager({ addressPath: 'metadata.owner' }) }, 'resources.addressPath'],
    ['a kind', { subjects: certManager({ apiVersion: 'v1', kind: 'Secret' }) }, 'resources'],
  ])('%s that is none leaves the policy not accepted', async (_, rule, says) => {
    const world = await running([{ subjects: accounts('AccountEnd', 'guest'), notify: toAdmins, ...rule }]);
    const accepted = await until('it is judged', () => world.condition('Accepted'));
    expect(accepted).toMatchObject({ status: 'False', reason: expect.stringMatching(/Invalid$/) });
    expect(accepted.message).toContain(says);
  });

  test.each<readonly [string, object, number, string]>([
    ['an expiry that is no time', { status: { notAfter: 'soon' } }, 1, 'has something else than a time of RFC 3339'],
    ['an expiry that is an object', { status: { notAfter: {} } }, 1, 'has something else than a time of RFC 3339'],
    ['an address that is no text', { status: { notAfter: at(7) }, owner: [1] }, 1, 'something else than an address'],
    ['an address that no server takes', { status: { notAfter: at(7) }, owner: 'a..b@c' }, 1, 'a..b@c'],
    [
      'an address that would be a header',
      { status: { notAfter: at(7) }, owner: 'a@b.example\r\nBcc: c@d.example' },
      1,
      'mail/shop: "shop": ',
    ],
    [
      'an expiry path that matches nothing in any',
      { status: {} },
      0,
      'No Certificate that the rule selects has anything at $.status.notAfter.',
    ],
  ])('%s', async (_, more, count, says) => {
    const shop = {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'shop', namespace: 'mail' },
    };
    const rule = { subjects: certManager({ addressPath: '$.owner' }), notify: { account: true } };
    const world = await running([rule], { ...shop, ...more });
    await world.go(start + 3_700_000);
    const seen = await until('it is counted', () => (world.rule()?.message ? world.rule() : undefined));
    expect(seen).toMatchObject({ subjects: count, invalid: count, sent: 0, message: expect.stringContaining(says) });
    expect(seen.message).not.toMatch(/[\r\n]/);
    expect(world.sink.messages).toEqual([]);
    expect(world.operator.ready()).toBe('True Running');
  });

  test('a TLS Secret without a certificate', async () => {
    const broken = secret('portal-tls', 'kubernetes.io/tls', { 'tls.crt': 'none', 'tls.key': 'none' });
    const world = await running([{ subjects: { certificates: {} }, notify: toAdmins }], broken);
    const seen = await until('it is counted', () => (world.rule()?.invalid ? world.rule() : undefined));
    expect(seen.message).toBe('mail/portal-tls: "portal-tls" has no certificate under tls.crt that can be read');
  });

  test('an account whose end is no time, by an Event too', async () => {
    const rule = { subjects: accounts('AccountEnd', 'guest'), notify: { account: true } };
    const world = await running([rule], account('anna', { validTo: 'next week' }));
    await until('it is counted', () => world.rule()?.invalid === 1);
    expect(world.rule()?.message).toContain('validTo');
    await until('the Event', () => eventsOf(world.files).includes('validTo'));
  });
});

function ends(days: number): Date {
  return new Date(start + days * day + 5 * 3_600_000);
}

/** At noon, or at another hour after seven. */
function at(days: number, hours = 5): string {
  return new Date(start + days * day + hours * 3_600_000).toISOString().replace('.000Z', 'Z');
}

function accounts(expiry: string, kind: string): object {
  return { accounts: { selector: { matchLabels: { 'relaykeeper.dev/account': kind } }, expiry } };
}

function kindOf(kind: string, secretOfAccount: object): object {
  const labels = { 'relaykeeper.dev/account': kind };
  return {
    ...secretOfAccount,
    metadata: { ...('metadata' in secretOfAccount && (secretOfAccount.metadata as object)), labels },
  };
}

function certManager(more: object): object {
  return {
    resources: { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', expiryPath: '$.status.notAfter', ...more },
  };
}

function secret(name: string, type: string, stringData: object): object {
  return { apiVersion: 'v1', kind: 'Secret', type, metadata: { name, namespace: 'mail' }, stringData };
}

async function tlsSecret(days: number, name = 'portal-tls', dnsName = 'portal.example.com'): Promise<object> {
  const authority = await createAuthority({ name: 'Corporate Root' });
  const { chainPem, privateKeyPem } = await authority.issue({ dnsNames: [dnsName], notAfter: ends(days) });
  return secret(name, 'kubernetes.io/tls', { 'tls.crt': chainPem, 'tls.key': privateKeyPem });
}

interface World {
  readonly sink: Sink;
  readonly files: Folders;
  readonly operator: Operator;
  rule(): NonNullable<NonNullable<ReturnType<Operator['status']>>['rules']>[number] | undefined;
  condition(type: string): { readonly status: string; readonly reason: string; readonly message: string } | undefined;
  /** When the next reminder is due. */
  upcoming(): string | undefined;
  /** The first that came. */
  mail(): Promise<Awaited<ReturnType<typeof mailsOf>>[number]>;
  /** Sets the clock. */
  go(to: number): Promise<void>;
}

interface Elsewhere {
  readonly sink: Sink;
  readonly relay: object;
}

/** A policy with these rules, and a file for each other manifest; the last may be where its mail goes. */
async function running(rules: readonly object[], ...manifests: readonly (object | Elsewhere)[]): Promise<World> {
  const elsewhere = manifests.find((one): one is Elsewhere => 'sink' in one);
  const sink = elsewhere?.sink ?? (await startSink());
  const files = folders();
  let now = start;
  const common = { daysBefore: [7, 1], schedule: '0 8 * * *' };
  put(files, 'relay', elsewhere?.relay ?? relay('corporate', sink.port));
  put(
    files,
    'policy',
    policy({ reminders: rules.map((rule, index) => ({ name: `rule-${index}`, ...common, ...rule })) }),
  );
  for (const [index, manifest] of manifests.entries()) {
    if (manifest !== elsewhere) put(files, `thing-${index}`, manifest);
  }
  const operator = await startOperator({ folders: files, now: () => now });
  await until('the policy is judged', () => operator.ready() !== '' && operator.ready() !== 'False NoRelayReady');
  return {
    sink,
    files,
    operator,
    rule: () => operator.status()?.rules?.[0],
    condition: (type) => operator.status()?.conditions?.find((one) => one.type === type),
    upcoming: () => operator.status()?.upcoming?.[0]?.dueTime,
    async mail() {
      await until('a mail', () => sink.messages.length > 0);
      const [mail] = await mailsOf(sink);
      if (!mail) throw new Error('there is no mail');
      return mail;
    },
    async go(to) {
      now = to;
      operator.run.wakeAll();
      await operator.run.settled();
    },
  };
}
