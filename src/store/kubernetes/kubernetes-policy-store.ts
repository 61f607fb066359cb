// What policies look at, on a Kubernetes cluster: each kind in a cache that watches keep in step. Of Secrets the caches
// hold no value that is secret; a password is read anew while its mail is made.
import { accountSecretType } from '../../api/account.ts';
import type { NotificationPolicyStatus } from '../../api/notification-policy.ts';
import { type Key, keyText } from '../../api/resource.ts';
import type { Clock } from '../clock.ts';
import { createPasswordMark } from '../password-mark.ts';
import type { PolicyListener, PolicyStore, StoredPolicy } from '../policy-store.ts';
import type { Reference, StoreProblem } from '../store.ts';
import { tlsSecretType } from '../stored-certificate.ts';
import type { ApiClient } from './api-client.ts';
import type { Collection } from './collection.ts';
import { customCollection, policyResource } from './custom-resource.ts';
import { guarded } from './guarded.ts';
import { createNamespaceWatches } from './namespace-watches.ts';
import { createObjectCache } from './object-cache.ts';
import { readReference } from './read-reference.ts';
import { recordEvent, referenceTo } from './record-event.ts';
import { createReferenceWatches, type SecretAccess } from './reference-watches.ts';
import { type Reflector, type ReflectorTimings, reflectorTimings, startReflector } from './reflector.ts';
import { createResourceWatches } from './resource-watches.ts';
import { createScopedWatches, type WatchScope } from './scoped-watches.ts';
import { secretReference } from './secret-reference.ts';
import { createSecretSubjects } from './secret-subjects.ts';
import type { Sink } from './sink.ts';
import { storedObject } from './stored-object.ts';
import { accountReader, readCertificate } from './stored-secret.ts';
import { tellOnce } from './tell-once.ts';
import { writeStatus } from './write-status.ts';

export interface KubernetesPolicyStoreOptions {
  readonly client: ApiClient;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  readonly secretAccess: SecretAccess;
  /** Marks passwords: `operatorKey`. */
  readonly key: Buffer;
  /** This replica's name, for Events. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timings?: ReflectorTimings;
}

export interface KubernetesPolicyStore extends PolicyStore {
  /** Milliseconds since the API server was last heard of about policies and accounts, at worst over namespaces. */
  staleness(): number;
}

/** How long who asks for certificates or resources first waits for their list. */
const listMs = 30_000;

export function createKubernetesPolicyStore(options: KubernetesPolicyStoreOptions): KubernetesPolicyStore {
  const { client, clock, random, identity, timings = reflectorTimings } = options;
  const stopped = new AbortController();
  const calls: Pick<ApiClient, 'call'> = { call: (request) => client.call(request, stopped.signal) };
  let listener: PolicyListener | undefined;

  const problem = tellOnce((told) => listener?.problem(told));
  const wake = (call: 'policyChanged' | 'accountChanged', key: Key) =>
    guarded(() => listener?.[call](key), { subject: `wake ${keyText(key)}`, problem });
  const reflect = (collection: Collection, sink: Sink) =>
    startReflector({ client, collection, sink, timings, clock, random, problem }, stopped.signal);
  const settled = (reflector: Reflector) => settledWithin(listMs, reflector, clock);
  const events = { client: calls, identity, now: clock.now, problem };

  const watches = watchAll(options, { reflect, problem, wake });
  const { policies, accounts, certificates, namespaces } = watches;
  const texts = createReferenceWatches({
    access: options.secretAccess,
    wake: (key) => wake('policyChanged', key),
    watch: (collection, sink, signal) => {
      const until = AbortSignal.any([signal, stopped.signal]);
      startReflector({ client, collection, sink, timings, clock, random, problem }, until);
    },
  });

  return {
    async startPolicies(told, signal) {
      listener = told;
      signal.addEventListener('abort', () => stopped.abort(), { once: true });
      if (signal.aborted) return stopped.abort();
      for (const each of [watches.policyWatches, namespaces, accounts]) each.begin();
      await Promise.all(watches.policyWatches.running().map(({ synced }) => synced));
      // What RBAC refuses is no reason to leave all other policies undone.
      await Promise.all([...namespaces.running(), ...accounts.running()].map((each) => each.settled));
    },
    listPolicies: policies.list,
    getPolicy: policies.get,
    accounts: accounts.inNamespace,
    account(key) {
      accounts.see(key.namespace);
      return accounts.get(key);
    },
    readAccountSecret: (key) => readReference(calls, { kind: 'Secret', ...key }),
    async certificates(namespace) {
      const reflector = certificates.see(namespace);
      if (reflector) await settled(reflector);
      return certificates.inNamespace(namespace);
    },
    whyUnseen: (subjects, namespace) => ({ accounts, certificates })[subjects].whyUnseen(namespace),
    whyNamespacesUnseen: namespaces.whyUnseen,
    accountsComplete: (namespace) => accounts.whyUnseen(namespace) === undefined,
    policiesComplete(namespace) {
      const reflector = watches.policyWatches.see(namespace);
      return reflector !== undefined && reflector.unseen() === undefined;
    },
    resources: createResourceWatches({ client: calls, scope: wideScope(options), reflect, settled }),
    namespaces: namespaces.list,
    async readTexts(key) {
      const reference = { kind: 'ConfigMap', ...key } as const;
      const result = await readReference(calls, reference);
      if (result.kind === 'found') texts.saw(reference, result.object.resourceVersion);
      return result;
    },
    followTexts: (policy, configMaps) => texts.follow(policy, configMaps.map(configMap)),
    writePolicyStatus: (policy, status) =>
      writeStatus({
        ...{ client: calls, resource: policyResource, object: policy, status, written: policies.written },
        // Every replica counts in it.
        unchanged: true,
      }),
    recordPolicyEvent: (event) =>
      recordEvent(events, { ...event, regarding: referenceTo(policyResource, event.regarding) }),
    async recordAccountEvent({ account, reason, note }) {
      const found = await secretReference(calls, account);
      const message = found.kind === 'failed' ? `no event on it: ${found.message}` : undefined;
      problem({ subject: `get secret ${keyText(account)}`, message });
      if (found.kind !== 'found') return;
      await recordEvent(events, { regarding: found.reference, type: 'Warning', reason, action: 'ReadAccount', note });
    },
    staleness: () =>
      Math.max(0, ...[...watches.policyWatches.running(), ...accounts.running()].map((each) => each.staleness())),
  };
}

interface Watching {
  readonly reflect: (collection: Collection, sink: Sink) => Reflector;
  readonly problem: (problem: StoreProblem) => void;
  readonly wake: (call: 'policyChanged' | 'accountChanged', key: Key) => void;
}

/** All that is kept in step; each begins on its own. */
function watchAll(options: KubernetesPolicyStoreOptions, { reflect, problem, wake }: Watching) {
  const { namespaces, secretAccess: access } = options;
  const secrets = { access, namespaces, reflect, problem };
  const accounts = createSecretSubjects({
    ...secrets,
    what: 'accounts',
    type: accountSecretType,
    read: accountReader(createPasswordMark(options.key)),
    changed: (key) => wake('accountChanged', key),
  });
  const certificates = createSecretSubjects({
    ...secrets,
    what: 'certificates',
    type: tlsSecretType,
    read: readCertificate,
    changed: () => undefined,
  });
  const policies = createObjectCache<StoredPolicy>({
    read: (object) => storedObject<NotificationPolicyStatus>(object, policyResource),
    uidOf: ({ metadata }) => metadata.uid,
    changed(key) {
      // Where each namespace has a watch of its own, a policy is what needs its accounts.
      accounts.see(key.namespace);
      wake('policyChanged', key);
    },
  });
  const policyWatches = createScopedWatches({
    scope: wideScope(options),
    collection: customCollection(policyResource, undefined),
    sink: policies.sink,
    reflect,
  });
  return {
    policies,
    policyWatches,
    accounts,
    certificates,
    namespaces: createNamespaceWatches({ namespaces, reflect }),
  };
}

function configMap({ namespace, name }: Key): Reference {
  return { kind: 'ConfigMap', namespace, name };
}

/** What is no Secret is watched in all namespaces at once, or in those that --namespace names. */
function wideScope({ namespaces }: KubernetesPolicyStoreOptions): WatchScope {
  return { namespaces, wide: true };
}

/** Or once it took so long that its caller had better go on without. */
async function settledWithin(milliseconds: number, reflector: Reflector, clock: Clock): Promise<void> {
  if (reflector.unseen() === undefined) return;
  const enough = new AbortController();
  await Promise.race([reflector.settled, clock.sleep(milliseconds, enough.signal)]);
  enough.abort();
}
