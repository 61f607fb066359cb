// What every adapter of the Store port does, whatever it stores in. An adapter's test gives a world to live in.
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Key, keyText } from '../../src/api/resource.ts';
import type { SmtpRelayStatus } from '../../src/api/smtp-relay.ts';
import type { Store, StoredRelay, StoreProblem } from '../../src/store/store.ts';
import { eventually } from './eventually.ts';

/** A place for one test's resources, where users edit them and operators come and go. */
export interface StoreWorld {
  /** Both are empty at first. */
  readonly namespace: string;
  readonly otherNamespace: string;
  /** A store that is not started yet; the world's resources outlive it. */
  open(): Promise<Store>;
  /** Creates or replaces one object, as a user would. */
  apply(manifest: WorldManifest): Promise<void>;
  remove(kind: WorldManifest['kind'], key: Key): Promise<void>;
  /** Replaces a relay's status behind the store's back. */
  overwriteStatus(relay: Key, status: SmtpRelayStatus): Promise<void>;
}

export interface WorldManifest {
  readonly apiVersion: string;
  readonly kind: 'SmtpRelay' | 'Secret' | 'ConfigMap';
  readonly metadata: Key & { readonly annotations?: Readonly<Record<string, string>> };
  readonly [field: string]: unknown;
}

export function storeConformance(makeWorld: () => Promise<StoreWorld>): void {
  describe('relays', () => {
    test('that are there before the start are listed after it', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one', { annotations: { note: 'first' } }));
      await world.apply(relay(world, 'two'));
      const { store } = await started(world);
      expect(ownKeys(store, world).sort()).toEqual([`${world.namespace}/one`, `${world.namespace}/two`]);
      const one = stored(store, world, 'one');
      expect(one.metadata).toMatchObject({ name: 'one', namespace: world.namespace, generation: 1 });
      expect(one.metadata.annotations).toMatchObject({ note: 'first' });
      expect(one.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(one.metadata.uid).not.toBe(stored(store, world, 'two').metadata.uid);
      expect(one.manifest).toMatchObject({ kind: 'SmtpRelay', spec: { host: 'one.example.com' } });
      expect(one.manifest).not.toHaveProperty('status');
      expect(isUnwritten(one)).toBe(true);
      expect(store.get({ namespace: world.namespace, name: 'three' })).toBeUndefined();
    });

    test('are told when they appear', async () => {
      const world = await makeWorld();
      const { store, woken } = await started(world);
      await world.apply(relay(world, 'new'));
      await woken('new');
      expect(stored(store, world, 'new').metadata.generation).toBe(1);
    });

    test('are told when their spec changes, and count it', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      const { store, woken } = await started(world);
      const before = stored(store, world, 'one');
      await world.apply(relay(world, 'one', { host: 'other.example.com' }));
      await woken('one', () => specHost(store, world, 'one') === 'other.example.com');
      const after = stored(store, world, 'one');
      expect(after.metadata.generation).toBe(2);
      expect(after.metadata.uid).toBe(before.metadata.uid);
      expect(after.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
    });

    test('are told when an annotation changes, which is no new generation', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      const { store, woken } = await started(world);
      const before = stored(store, world, 'one');
      await world.apply(relay(world, 'one', { annotations: { 'relaykeeper.dev/probe-requested': 'now' } }));
      const annotations = () => store.get(key(world, 'one'))?.metadata.annotations;
      await woken('one', () => annotations()?.['relaykeeper.dev/probe-requested'] === 'now');
      const after = stored(store, world, 'one');
      expect(after.metadata.generation).toBe(1);
      expect(after.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
    });

    test('are told when they go', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      await world.apply(relay(world, 'two'));
      const { store, woken } = await started(world);
      await world.remove('SmtpRelay', key(world, 'one'));
      await woken('one', () => store.get(key(world, 'one')) === undefined);
      expect(ownKeys(store, world)).toEqual([`${world.namespace}/two`]);
    });

    test('of the same name in two namespaces are two', async () => {
      const world = await makeWorld();
      const other = { ...world, namespace: world.otherNamespace };
      await world.apply(relay(world, 'one'));
      await world.apply(relay(other, 'one'));
      const { store, woken } = await started(world);
      await store.writeStatus(stored(store, world, 'one'), status(7));
      expect(isUnwritten(stored(store, other, 'one'))).toBe(true);
      await world.remove('SmtpRelay', key(world, 'one'));
      await woken('one', () => store.get(key(world, 'one')) === undefined);
      expect(stored(store, other, 'one').metadata.generation).toBe(1);
    });
  });

  describe.each([
    ['Secret', secret],
    ['ConfigMap', configMap],
  ] as const)('a followed %s', (kind, object) => {
    test('wakes its relay when it is created, changed and deleted', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      const { store, woken } = await started(world);
      store.follow(key(world, 'one'), [{ kind, ...key(world, 'values') }]);

      await world.apply(object(world, 'values', 'first'));
      await woken('one');
      await eventually('the first value', async () => (await passwordOf(store, world, kind)) === 'first');

      await world.apply(object(world, 'values', 'second'));
      await woken('one');
      await eventually('the second value', async () => (await passwordOf(store, world, kind)) === 'second');

      await world.remove(kind, key(world, 'values'));
      await woken('one');
      await eventually('its going', async () => (await passwordOf(store, world, kind)) === 'missing');
    });

    test('wakes no relay that does not follow it, or not any more', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'follower'));
      await world.apply(relay(world, 'former'));
      await world.apply(relay(world, 'stranger'));
      await world.apply(object(world, 'values', 'first'));
      const { store, woken, wokenNames } = await started(world);
      const reference = { kind, ...key(world, 'values') };
      store.follow(key(world, 'former'), [reference]);
      store.follow(key(world, 'former'), []);
      store.follow(key(world, 'follower'), [reference]);
      await world.apply(object(world, 'values', 'second'));
      await woken('follower');
      expect(wokenNames()).not.toContain('former');
      expect(wokenNames()).not.toContain('stranger');
    });
  });

  describe('reading', () => {
    test('gives a Secret with its type and its values decoded, and a version that a change moves', async () => {
      const world = await makeWorld();
      await world.apply(secret(world, 'values', 'grün'));
      await world.apply(relay(world, 'one'));
      const { store } = await started(world);
      const reference = { kind: 'Secret', ...key(world, 'values') } as const;
      store.follow(key(world, 'one'), [reference]);
      const first = await store.read(reference);
      if (first.kind !== 'found') throw new Error(`read gave ${first.kind}`);
      expect(first.object.type).toBe('kubernetes.io/basic-auth');
      expect(first.object.data.get('password')?.toString()).toBe('grün');
      expect(first.object.data.get('username')?.toString()).toBe('user');
      expect(first.object.resourceVersion).not.toContain('grün');

      await world.apply(secret(world, 'values', 'rot'));
      await eventually('the new version', async () => {
        const second = await store.read(reference);
        return second.kind === 'found' && second.object.resourceVersion !== first.object.resourceVersion;
      });
    });

    test('gives a ConfigMap, with an empty type', async () => {
      const world = await makeWorld();
      await world.apply(configMap(world, 'values', 'text'));
      const { store } = await started(world);
      const read = await store.read({ kind: 'ConfigMap', ...key(world, 'values') });
      if (read.kind !== 'found') throw new Error(`read gave ${read.kind}`);
      expect(read.object.type).toBe('');
      expect(read.object.data.get('password')?.toString()).toBe('text');
    });

    test('says that there is none', async () => {
      const world = await makeWorld();
      await world.apply(configMap(world, 'values', 'text'));
      const { store } = await started(world);
      expect(await store.read({ kind: 'Secret', ...key(world, 'values') })).toEqual({ kind: 'missing' });
    });
  });

  describe('a status', () => {
    test('shows at once when written, and to the next operator', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      const first = await started(world);
      const before = stored(first.store, world, 'one');
      expect(await first.store.writeStatus(before, status(1))).toEqual({ kind: 'written' });
      const after = stored(first.store, world, 'one');
      expect(after.status).toEqual(status(1));
      expect(after.metadata.generation).toBe(before.metadata.generation);
      expect(after.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
      first.end();

      const second = await started(world);
      const next = stored(second.store, world, 'one');
      expect(next.status).toEqual(status(1));
      expect(next.metadata.uid).toBe(before.metadata.uid);
      expect(next.metadata.creationTimestamp).toBe(before.metadata.creationTimestamp);
    });

    test('is replaced whole by the next one', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      const { store } = await started(world);
      await store.writeStatus(stored(store, world, 'one'), { ...status(1), certificateExpires: '2027-01-01' });
      await store.writeStatus(stored(store, world, 'one'), status(2));
      expect(stored(store, world, 'one').status).toEqual(status(2));
    });

    test('that someone else wrote is told and shown', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      const { store, woken } = await started(world);
      await store.writeStatus(stored(store, world, 'one'), status(1));
      await world.overwriteStatus(key(world, 'one'), status(99));
      await woken('one', () => store.get(key(world, 'one'))?.status?.consecutiveFailures === 99);
    });

    test('is refused as gone when the relay is gone', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      const { store, woken } = await started(world);
      const one = stored(store, world, 'one');
      await world.remove('SmtpRelay', key(world, 'one'));
      await woken('one', () => store.get(key(world, 'one')) === undefined);
      expect(await store.writeStatus(one, status(1))).toEqual({ kind: 'gone' });
    });

    test('is refused as gone when another relay has the name now, which has none', async () => {
      const world = await makeWorld();
      await world.apply(relay(world, 'one'));
      const { store, woken } = await started(world);
      const one = stored(store, world, 'one');
      await store.writeStatus(one, status(1));
      await world.remove('SmtpRelay', key(world, 'one'));
      await woken('one', () => store.get(key(world, 'one')) === undefined);
      await world.apply(relay(world, 'one'));
      await woken('one', () => store.get(key(world, 'one')) !== undefined);
      expect(await store.writeStatus(one, status(2))).toEqual({ kind: 'gone' });
      expect(isUnwritten(stored(store, world, 'one'))).toBe(true);
    });
  });

  test('an event is recorded without disturbing anything', async () => {
    const world = await makeWorld();
    await world.apply(relay(world, 'one'));
    const { store, problems } = await started(world);
    const regarding = stored(store, world, 'one');
    await store.record({ regarding, type: 'Warning', reason: 'ConnectionRefused', action: 'Probe', note: 'a note' });
    expect(problems).toEqual([]);
  });

  test('an abort ends it: nothing is told after it', async () => {
    const world = await makeWorld();
    await world.apply(relay(world, 'one'));
    const first = await started(world);
    first.end();
    const second = await started(world);
    await world.apply(relay(world, 'two'));
    await second.woken('two');
    expect(first.wokenNames()).not.toContain('two');
  });
}

interface Started {
  readonly store: Store;
  /** Waits for the relay to be woken since the last call for it, and then for the condition. */
  readonly woken: (name: string, condition?: () => boolean) => Promise<void>;
  readonly wokenNames: () => readonly string[];
  readonly problems: readonly StoreProblem[];
  readonly end: () => void;
}

async function started(world: StoreWorld): Promise<Started> {
  const store = await world.open();
  const problems: StoreProblem[] = [];
  const wakes: string[] = [];
  const since = new Map<string, number>();
  const end = new AbortController();
  onTestFinished(() => end.abort());
  await store.start(
    {
      relayChanged: ({ namespace, name }) => void (namespace === world.namespace && wakes.push(name)),
      problem: (problem) => void problems.push(problem),
    },
    end.signal,
  );
  wakes.length = 0; // whether what was there at the start is told too is the adapter's choice
  const woken = async (name: string, condition: () => boolean = () => true) => {
    await eventually(`${name} is woken`, () => wakes.includes(name, since.get(name) ?? 0) && condition());
    since.set(name, wakes.length);
  };
  return { store, woken, wokenNames: () => wakes, problems, end: () => end.abort() };
}

type Place = Pick<StoreWorld, 'namespace'>;

function key({ namespace }: Place, name: string): Key {
  return { namespace, name };
}

function ownKeys(store: Store, { namespace }: Place): string[] {
  return store
    .list()
    .filter((listed) => listed.namespace === namespace)
    .map(keyText);
}

function stored(store: Store, world: Place, name: string): StoredRelay {
  const found = store.get(key(world, name));
  if (!found) throw new Error(`no relay ${name}`);
  return found;
}

/** The schema has a default for a status that nobody wrote yet. */
function isUnwritten({ status }: StoredRelay): boolean {
  return (status?.observedGeneration ?? -1) === -1 && status?.conditions === undefined;
}

function specHost(store: Store, world: Place, name: string): unknown {
  return (store.get(key(world, name))?.manifest as { spec?: { host?: unknown } } | undefined)?.spec?.host;
}

async function passwordOf(store: Store, world: Place, kind: 'Secret' | 'ConfigMap'): Promise<string | undefined> {
  const read = await store.read({ kind, ...key(world, 'values') });
  return read.kind === 'found' ? read.object.data.get('password')?.toString() : read.kind;
}

interface RelayChoices {
  readonly host?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function relay(world: Place, name: string, { host = `${name}.example.com`, annotations = {} }: RelayChoices = {}) {
  const metadata = { ...key(world, name), annotations };
  return { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'SmtpRelay', metadata, spec: { host } } as const;
}

function secret(world: Place, name: string, password: string) {
  const stringData = { username: 'user', password };
  const type = 'kubernetes.io/basic-auth';
  return { apiVersion: 'v1', kind: 'Secret', metadata: key(world, name), type, stringData } as const;
}

function configMap(world: Place, name: string, password: string) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: key(world, name), data: { password } } as const;
}

function status(consecutiveFailures: number): SmtpRelayStatus {
  const lastTransitionTime = '2026-01-01T00:00:00Z';
  const ready = { type: 'Ready', status: 'Unknown', reason: 'Pending', message: 'not tried', lastTransitionTime };
  return {
    observedGeneration: 1,
    conditions: [{ ...ready, status: 'Unknown', observedGeneration: 1 }],
    consecutiveFailures,
  };
}
