// What every adapter of the PolicyStore port does, whatever it stores in. An adapter's test gives a world to live in.
import { describe, expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import type { Account } from '../../src/api/account.ts';
import type { NotificationPolicyStatus } from '../../src/api/notification-policy.ts';
import { type Key, keyText } from '../../src/api/resource.ts';
import type { PolicyStore, StoredAccount, StoredPolicy } from '../../src/store/policy-store.ts';
import type { StoreProblem } from '../../src/store/store.ts';
import { eventually } from './eventually.ts';

/** A place for one test's resources, where users edit them and operators come and go. */
export interface PolicyWorld {
  /** Both are empty at first. */
  readonly namespace: string;
  readonly otherNamespace: string;
  /** A store that is not started yet; the world's resources outlive it. */
  open(): Promise<PolicyStore>;
  /** Creates or replaces one object, as a user would. */
  apply(manifest: PolicyWorldManifest): Promise<void>;
  remove(kind: string, key: Key): Promise<void>;
  /** Replaces a policy's status behind the store's back. */
  overwriteStatus(policy: Key, status: NotificationPolicyStatus): Promise<void>;
  events(namespace: string): Promise<readonly WorldEvent[]>;
}

export interface PolicyWorldManifest {
  readonly apiVersion: string;
  readonly kind: string;
  /** A Namespace has no namespace. */
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

export interface WorldEvent {
  readonly kind: string;
  readonly name: string;
  readonly type: string;
  readonly reason: string;
  readonly note: string;
}

export function policyConformance(makeWorld: () => Promise<PolicyWorld>): void {
  describe('policies', () => {
    test('that are there before the start are listed after it', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests', { annotations: { note: 'first' } }));
      const { store } = await started(world);
      expect(ownPolicies(store, world)).toEqual([`${world.namespace}/guests`]);
      const guests = stored(store, world, 'guests');
      expect(guests.metadata).toMatchObject({ name: 'guests', namespace: world.namespace, generation: 1 });
      expect(guests.metadata.annotations).toMatchObject({ note: 'first' });
      expect(guests.manifest).toMatchObject({ kind: 'NotificationPolicy', spec: { relayRef: { name: 'corporate' } } });
      expect(guests.manifest).not.toHaveProperty('status');
      expect(store.getPolicy(key(world, 'nobody'))).toBeUndefined();
    });

    test('are told when they appear, change and go', async () => {
      const world = await makeWorld();
      const { store, toldPolicy } = await started(world);
      await world.apply(policy(world, 'guests'));
      await toldPolicy('guests', () => store.getPolicy(key(world, 'guests')) !== undefined);
      const before = stored(store, world, 'guests');
      await world.apply(policy(world, 'guests', { relay: 'other' }));
      await toldPolicy('guests', () => store.getPolicy(key(world, 'guests'))?.metadata.generation === 2);
      expect(stored(store, world, 'guests').metadata.uid).toBe(before.metadata.uid);
      await world.remove('NotificationPolicy', key(world, 'guests'));
      await toldPolicy('guests', () => store.getPolicy(key(world, 'guests')) === undefined);
      expect(ownPolicies(store, world)).toEqual([]);
    });

    test('show a written status at once, and to the next operator', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests'));
      const first = await started(world);
      const before = stored(first.store, world, 'guests');
      expect(await first.store.writePolicyStatus(before, status(7))).toEqual({ kind: 'written' });
      expect(stored(first.store, world, 'guests').status).toEqual(status(7));
      first.end();
      const second = await started(world);
      expect(stored(second.store, world, 'guests').status).toEqual(status(7));
      expect(stored(second.store, world, 'guests').metadata.uid).toBe(before.metadata.uid);
    });

    test('are told of a status that someone else wrote', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests'));
      const { store, toldPolicy } = await started(world);
      await store.writePolicyStatus(stored(store, world, 'guests'), status(1));
      await world.overwriteStatus(key(world, 'guests'), status(99));
      await toldPolicy('guests', () => store.getPolicy(key(world, 'guests'))?.status?.totals?.sent === 99);
    });

    test('refuse a status as gone when another policy has the name now', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests'));
      const { store, toldPolicy } = await started(world);
      const old = stored(store, world, 'guests');
      await world.remove('NotificationPolicy', key(world, 'guests'));
      await toldPolicy('guests', () => store.getPolicy(key(world, 'guests')) === undefined);
      expect(await store.writePolicyStatus(old, status(1))).toEqual({ kind: 'gone' });
      await world.apply(policy(world, 'guests'));
      await toldPolicy('guests', () => store.getPolicy(key(world, 'guests')) !== undefined);
      expect(await store.writePolicyStatus(old, status(2))).toEqual({ kind: 'gone' });
      expect(stored(store, world, 'guests').status?.totals).toBeUndefined();
    });
  });

  describe('accounts', () => {
    test('are listed with all but the password, each in its namespace', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests'));
      await world.apply(account(world, 'anna', 'hush'));
      await world.apply(account({ namespace: world.otherNamespace }, 'otto', 'hush'));
      const { store } = await started(world);
      const anna = await seen(store, world, 'anna');
      expect(anna).toMatchObject({
        namespace: world.namespace,
        name: 'anna',
        labels: { 'relaykeeper.dev/account': 'guest' },
        username: 'anna',
        email: 'anna@example.com',
        firstName: 'Anna',
        validTo: Date.parse('2027-03-01T12:00:00Z'),
        lastName: undefined,
      });
      expect(anna.createdAt).toBeGreaterThan(Date.now() - 3_600_000);
      expect(anna.createdAt).toBeLessThan(Date.now() + 3_600_000);
      expect(names(store.accounts(world.namespace))).toEqual(['anna']);
      expect(store.account(key(world, 'anna'))).toEqual({ kind: 'account', account: anna });
      expect(store.account(key(world, 'otto'))).toBeUndefined();
      const otto = await seen(store, { namespace: world.otherNamespace }, 'otto');
      expect(names(store.accounts(world.otherNamespace))).toEqual(['otto']);
      expect(otto.passwordMark).toBe(anna.passwordMark);
      expect(store.whyUnseen('accounts', world.namespace)).toBeUndefined();
      expect(store.accountsComplete(world.namespace)).toBe(true);
      expect(store.policiesComplete(world.namespace)).toBe(true);
      expect(store.whyNamespacesUnseen()).toBeUndefined();
    });

    test('are told when created, changed and deleted; only a new password moves the mark', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests'));
      const { store, toldAccount } = await started(world);
      const mark = () => accountIn(store, world, 'anna')?.passwordMark;
      await world.apply(account(world, 'anna', 'first'));
      await toldAccount('anna', () => mark() !== undefined);
      const first = await seen(store, world, 'anna');

      await world.apply(account(world, 'anna', 'first', { lastName: 'Berg' }));
      await toldAccount('anna', () => accountIn(store, world, 'anna')?.lastName === 'Berg');
      expect(mark()).toBe(first.passwordMark);
      expect(accountIn(store, world, 'anna')?.resourceVersion).not.toBe(first.resourceVersion);
      expect(accountIn(store, world, 'anna')?.createdAt).toBe(first.createdAt);

      await world.apply(account(world, 'anna', 'second'));
      await toldAccount('anna', () => mark() !== first.passwordMark);

      await world.remove('Secret', key(world, 'anna'));
      await toldAccount('anna', () => store.accounts(world.namespace).length === 0);
    });

    test('are to the next operator as old and marked as they were', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests'));
      await world.apply(account(world, 'anna', 'hush'));
      const first = await started(world);
      const before = await seen(first.store, world, 'anna');
      first.end();
      const second = await started(world);
      expect(await seen(second.store, world, 'anna')).toEqual(before);
    });

    test('that cannot be used say why, without the password, until they can', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests'));
      await world.apply(account(world, 'anna', 'hush-canary', { email: 'nowhere', validTo: 'soon' }));
      const { store, toldAccount } = await started(world);
      const [invalid] = await eventually('the account', () => some(store.accounts(world.namespace)));
      if (invalid?.kind !== 'invalid') throw new Error('it is taken for valid');
      expect(invalid.key).toEqual(key(world, 'anna'));
      expect(invalid.labels).toMatchObject({ 'relaykeeper.dev/account': 'guest' });
      expect(invalid.problems.join('\n')).toMatch(/"email".*\n.*"validTo"/);
      expect(JSON.stringify(invalid)).not.toContain('canary');
      await world.apply(account(world, 'anna', 'hush-canary'));
      await toldAccount('anna', () => accountIn(store, world, 'anna') !== undefined);
    });

    test('are no Secrets of other types, and give their password only when read', async () => {
      const world = await makeWorld();
      await world.apply(policy(world, 'guests'));
      await world.apply(account(world, 'anna', 'hush-canary'));
      const login = { ...account(world, 'login', 'hush-canary'), type: 'kubernetes.io/basic-auth' };
      await world.apply(login);
      await world.apply(await certificate(world, 'tls'));
      const { store, problems } = await started(world);
      await seen(store, world, 'anna');
      expect(names(store.accounts(world.namespace))).toEqual(['anna']);
      const all = [
        store.listPolicies().map(store.getPolicy),
        store.accounts(world.namespace),
        await store.certificates(world.namespace),
        await store.resources({ apiVersion: 'v1', kind: 'ConfigMap' }, world.namespace),
        store.namespaces(),
        problems,
      ];
      for (const hidden of ['hush-canary', Buffer.from('hush-canary').toString('base64'), 'PRIVATE KEY']) {
        expect(JSON.stringify(all)).not.toContain(hidden);
      }
      const read = await store.readAccountSecret(key(world, 'anna'));
      if (read.kind !== 'found') throw new Error(`read gave ${read.kind}`);
      expect(read.object.type).toBe('relaykeeper.dev/account');
      expect(read.object.data.get('password')?.toString()).toBe('hush-canary');
      expect(await store.readAccountSecret(key(world, 'nobody'))).toEqual({ kind: 'missing' });
    });
  });

  describe('certificates', () => {
    test('have the dates and names of the leaf, and none where it cannot be read', async () => {
      const world = await makeWorld();
      await world.apply(await certificate(world, 'portal'));
      await world.apply(tlsSecret(world, 'broken', { 'tls.crt': 'no certificate', 'tls.key': 'no key' }));
      const { store } = await started(world);
      const found = [...(await store.certificates(world.namespace))].sort((a, b) => (a.name < b.name ? -1 : 1));
      expect(found).toEqual([
        expect.objectContaining({ ...key(world, 'broken'), notBefore: undefined, notAfter: undefined, subject: '' }),
        {
          ...{ ...key(world, 'portal'), labels: { app: 'portal' }, annotations: { owner: 'ops' }, ...dates },
          ...{ subject: 'CN=portal.example.com', issuer: 'CN=Corporate Root', names: ['portal.example.com'] },
        },
      ]);
      expect(await store.certificates(world.otherNamespace)).toEqual([]);
      expect(store.whyUnseen('certificates', world.namespace)).toBeUndefined();
      await world.remove('Secret', key(world, 'broken'));
      await eventually('its going', async () => (await store.certificates(world.namespace)).length === 1);
    });
  });

  describe('resources', () => {
    test('are found by kind and namespace, and followed', async () => {
      const world = await makeWorld();
      await world.apply(lease(world, 'one', 'first'));
      await world.apply(lease({ namespace: world.otherNamespace }, 'other', 'first'));
      const { store } = await started(world);
      const leases = () => resources(store, world.namespace);
      const [one, ...more] = await leases();
      expect(more).toEqual([]);
      expect(one).toMatchObject({ ...key(world, 'one'), labels: { app: 'one' } });
      expect(one?.object).toMatchObject({
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'one', namespace: world.namespace, annotations: { owner: 'ops@example.com' } },
        spec: { holderIdentity: 'first' },
      });
      expect(one?.object.metadata).not.toHaveProperty('managedFields');
      expect(JSON.stringify(one)).not.toContain('last-applied');
      await world.apply(lease(world, 'one', 'second'));
      await eventually('the change', async () => JSON.stringify(await leases()).includes('"second"'));
      await world.remove('Lease', key(world, 'one'));
      await eventually('its going', async () => (await leases()).length === 0);
    });

    test('are never Secrets', async () => {
      const world = await makeWorld();
      const { store } = await started(world);
      const list = await store.resources({ apiVersion: 'v1', kind: 'Secret' }, world.namespace);
      expect(list).toEqual({ kind: 'unavailable', message: expect.stringContaining('Secrets are never listed') });
    });
  });

  test('namespaces have their labels and annotations', async () => {
    const world = await makeWorld();
    await world.apply(policy(world, 'guests'));
    await world.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: namespaceMetadata(world.otherNamespace) });
    const { store } = await started(world);
    const found = (name: string) => store.namespaces().find((namespace) => namespace.name === name);
    expect(found(world.otherNamespace)).toMatchObject({
      labels: { team: 'portal' },
      annotations: { 'relaykeeper.dev/policies-from': 'mail' },
    });
    expect(found(world.namespace)?.labels).not.toHaveProperty('team');
    expect(found('no-such-namespace')).toBeUndefined();
  });

  test('texts of a ConfigMap are read', async () => {
    const world = await makeWorld();
    await world.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: key(world, 'texts'),
      data: { subject: 'Grüße' },
    });
    const { store } = await started(world);
    const read = await store.readTexts(key(world, 'texts'));
    if (read.kind !== 'found') throw new Error(`read gave ${read.kind}`);
    expect(read.object.data.get('subject')?.toString()).toBe('Grüße');
    expect(await store.readTexts(key(world, 'nothing'))).toEqual({ kind: 'missing' });
  });

  test('a policy is told of when a ConfigMap that it follows appears, changes and goes', async () => {
    const world = await makeWorld();
    await world.apply(policy(world, 'guests'));
    const { store, toldPolicy } = await started(world);
    const texts = (subject: string) =>
      world.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: key(world, 'texts'), data: { subject } });
    store.followTexts(key(world, 'guests'), [key(world, 'texts')]);
    const has = async (subject: string | undefined) => {
      const read = await store.readTexts(key(world, 'texts'));
      return (read.kind === 'found' ? read.object.data.get('subject')?.toString() : undefined) === subject;
    };
    await texts('one');
    await toldPolicy('guests');
    expect(await has('one')).toBe(true);
    await texts('two');
    await toldPolicy('guests');
    expect(await has('two')).toBe(true);
    await world.remove('ConfigMap', key(world, 'texts'));
    await toldPolicy('guests');
    expect(await has(undefined)).toBe(true);
  });

  test('events are recorded on policies and on account Secrets', async () => {
    const world = await makeWorld();
    await world.apply(policy(world, 'guests'));
    await world.apply(account(world, 'anna', 'hush'));
    const { store, problems } = await started(world);
    const regarding = stored(store, world, 'guests');
    await store.recordPolicyEvent({ regarding, type: 'Normal', reason: 'RunHeld', action: 'Run', note: '501 mails' });
    await store.recordAccountEvent({ account: key(world, 'anna'), reason: 'AccountInvalid', note: 'no address' });
    expect(problems).toEqual([]);
    const events = [...(await world.events(world.namespace))].sort((a, b) => (a.kind < b.kind ? -1 : 1));
    expect(events).toEqual([
      { kind: 'NotificationPolicy', name: 'guests', type: 'Normal', reason: 'RunHeld', note: '501 mails' },
      { kind: 'Secret', name: 'anna', type: 'Warning', reason: 'AccountInvalid', note: 'no address' },
    ]);
  });

  test('an abort ends it: nothing is told after it', async () => {
    const world = await makeWorld();
    const first = await started(world);
    first.end();
    const second = await started(world);
    await world.apply(policy(world, 'guests'));
    await second.toldPolicy('guests');
    expect(first.policiesTold()).not.toContain('guests');
  });
}

interface Started {
  readonly store: PolicyStore;
  /** Waits for the policy to be told since the last call for it, and then for the condition. */
  readonly toldPolicy: (name: string, condition?: () => boolean) => Promise<void>;
  readonly toldAccount: (name: string, condition?: () => boolean) => Promise<void>;
  readonly policiesTold: () => readonly string[];
  readonly problems: readonly StoreProblem[];
  readonly end: () => void;
}

async function started(world: PolicyWorld): Promise<Started> {
  const store = await world.open();
  const problems: StoreProblem[] = [];
  const policies: string[] = [];
  const accounts: string[] = [];
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const into = (told: string[]) => (changed: Key) => {
    if (changed.namespace === world.namespace) told.push(changed.name);
  };
  await store.startPolicies(
    {
      policyChanged: into(policies),
      accountChanged: into(accounts),
      problem: (problem) => void problems.push(problem),
    },
    end.signal,
  );
  policies.length = 0; // whether what was there at the start is told too is the adapter's choice
  accounts.length = 0;
  const told = (these: readonly string[], what: string) => {
    const since = new Map<string, number>();
    return async (name: string, condition: () => boolean = () => true) => {
      await eventually(`${what} ${name} is told`, () => these.includes(name, since.get(name) ?? 0) && condition());
      since.set(name, these.length);
    };
  };
  return {
    store,
    toldPolicy: told(policies, 'policy'),
    toldAccount: told(accounts, 'account'),
    policiesTold: () => policies,
    problems,
    end: () => end.abort(),
  };
}

type Place = Pick<PolicyWorld, 'namespace'>;

function key({ namespace }: Place, name: string): Key {
  return { namespace, name };
}

function ownPolicies(store: PolicyStore, { namespace }: Place): string[] {
  return store
    .listPolicies()
    .filter((listed) => listed.namespace === namespace)
    .map(keyText);
}

function stored(store: PolicyStore, world: Place, name: string): StoredPolicy {
  const found = store.getPolicy(key(world, name));
  if (!found) throw new Error(`no policy ${name}`);
  return found;
}

function accountIn(store: PolicyStore, { namespace }: Place, name: string): Account | undefined {
  return store
    .accounts(namespace)
    .flatMap((each) => (each.kind === 'account' ? [each.account] : []))
    .find((each) => each.name === name);
}

/** A namespace without a policy may be looked into only once somebody asks. */
function seen(store: PolicyStore, world: Place, name: string): Promise<Account> {
  return eventually(`account ${name} is seen`, () => accountIn(store, world, name));
}

function names(accounts: readonly StoredAccount[]): string[] {
  return accounts.map((each) => (each.kind === 'account' ? each.account.name : each.key.name));
}

function some<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length > 0 ? items : undefined;
}

async function resources(store: PolicyStore, namespace: string) {
  const list = await store.resources({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' }, namespace);
  if (list.kind !== 'found') throw new Error(list.message);
  return list.resources;
}

interface PolicyChoices {
  readonly relay?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function policy(world: Place, name: string, { relay = 'corporate', annotations = {} }: PolicyChoices = {}) {
  const metadata = { ...key(world, name), annotations };
  const spec = { relayRef: { name: relay } };
  return { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'NotificationPolicy', metadata, spec };
}

function account(world: Place, name: string, password: string, values: Readonly<Record<string, string>> = {}) {
  const stringData = { username: name, password, email: `${name}@example.com`, firstName: 'Anna', ...times, ...values };
  const metadata = { ...key(world, name), labels: { 'relaykeeper.dev/account': 'guest' } };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'relaykeeper.dev/account', stringData };
}

const times = { validFrom: '2026-01-01T12:00:00Z', validTo: '2027-03-01T12:00:00Z' };
const dates = { notBefore: Date.parse('2026-01-02T03:04:05Z'), notAfter: Date.parse('2026-12-31T23:59:59Z') };

/** The leaf first, and then its authority, whose dates are others. */
async function certificate(world: Place, name: string) {
  const authority = await createAuthority({ name: 'Corporate Root' });
  const issued = await authority.issue({
    dnsNames: ['portal.example.com'],
    notBefore: new Date(dates.notBefore),
    notAfter: new Date(dates.notAfter),
  });
  const chain = `${issued.chainPem}\n${authority.certificatePem}`;
  return tlsSecret(world, name, { 'tls.crt': chain, 'tls.key': issued.privateKeyPem });
}

function tlsSecret(world: Place, name: string, stringData: Readonly<Record<string, string>>) {
  const metadata = { ...key(world, name), labels: { app: name }, annotations: { owner: 'ops' } };
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', stringData };
}

function lease(world: Place, name: string, holderIdentity: string) {
  const metadata = { ...key(world, name), labels: { app: name }, annotations: { owner: 'ops@example.com' } };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: { holderIdentity } };
}

function namespaceMetadata(name: string) {
  return { name, labels: { team: 'portal' }, annotations: { 'relaykeeper.dev/policies-from': 'mail' } };
}

function status(sent: number): NotificationPolicyStatus {
  return { observedGeneration: 1, totals: { sent, failed: 0, pending: 0 } };
}
