// The roles that the chart renders are enough for the operator, and none of their verbs is one that it never uses: it
// runs with the arguments of the rendered Deployment and a token of the rendered account, in a namespace of its own.
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { presenceTimings } from '../../src/mail/outbox/presence.ts';
import type { ControlPlaneAccess, Grant } from '../control-plane/access.ts';
import type { AuditedRequest } from '../control-plane/audit-log.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { describeWithCluster, ownControlPlane } from '../control-plane/shared.ts';
import { type Operator, startOperator } from '../end-to-end/operator.ts';
import { serverCertificate } from '../end-to-end/servers.ts';
import { startHostileServer } from '../smtp/hostile-server.ts';
import { mailScript } from '../smtp/mail-script.ts';
import { eventually } from '../store/eventually.ts';
import { granted } from './granted.ts';
import { describeWithHelm, podOf, rendered, type Values } from './helm.ts';
import type { Manifest } from './manifest.ts';

interface Place {
  /** The operator's. */
  readonly own: string;
  /** Those that it watches. */
  readonly namespaces: readonly [string, string];
}

interface Case {
  readonly title: string;
  readonly values: (place: Place) => Values;
  /** The one resource that may be refused. */
  readonly unseen?: string;
}

const cases: readonly Case[] = [
  { title: 'no values', values: () => ({}) },
  {
    title: 'watchNamespaces',
    values: ({ namespaces }) => ({ watchNamespaces: namespaces }),
    // No Role grants a look at the namespace itself; it counts as one without labels then.
    unseen: 'namespaces',
  },
  {
    title: 'watchNamespaces and rbac.readNamespaces',
    values: ({ namespaces }) => ({ watchNamespaces: namespaces, rbac: { readNamespaces: true } }),
  },
  {
    title: 'secretAccess.mode Namespaces',
    values: ({ namespaces }) => ({ secretAccess: { mode: 'Namespaces', namespaces } }),
  },
  {
    title: 'secretAccess.mode Named',
    values: ({ namespaces }) => ({
      secretAccess: {
        mode: 'Named',
        named: namespaces.map((namespace) => ({ namespace, secrets: ['login'], configMaps: ['ca'] })),
      },
    }),
  },
];

describeWithCluster('with the roles of the chart', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    // A plane of its own: an operator of all namespaces would do the work of other tests'.
    cluster = await ownControlPlane();
  });
  afterAll(() => cluster.stop());
  afterEach(() => cluster.kubectl(['delete', 'npol,relay', '-A', '--all']));

  describeWithHelm('the operator does its work, and uses every verb', () => {
    test.each(cases)(
      'with $title',
      async ({ values, unseen = 'nothing' }) => {
        const place = await createPlace(cluster);
        const objects = await rendered(values(place), { name: place.own, namespace: place.own });
        const account = { namespace: place.own, name: `${place.own}-relaykeeper` };
        const kubeconfig = await cluster.kubeconfigFor({ ...account, grants: [] });
        await cluster.apply(...objects.filter(({ kind }) => /Role|ServiceAccount/.test(kind)));
        const servers = await Promise.all(place.namespaces.map((namespace) => declare(cluster, namespace)));
        const operator = startOperator({ kubeconfig, namespace: place.own, args: argumentsFrom(objects) });
        for (const { messages } of servers) await eventually('the mail', () => messages.length > 0, patiently);
        const grants = granted(objects, account);
        const left = async () => unused(grants, await cluster.requestsBy(account), place);
        const allButTheLast = async () => {
          await race(cluster, place);
          return (await left()).every((right) => right.startsWith('delete leases'));
        };
        await eventually('every verb is used', allButTheLast, patiently).catch(async () => {
          console.log(
            operator.log
              .map((l) => JSON.stringify(l))
              .join('\n')
              .slice(0, 6000),
          );
          for (const n of place.namespaces)
            console.log(
              (await cluster.kubectl(['get', 'npol', 'guests', '-n', n, '-o', 'yaml'])).stdout.slice(0, 4000),
            );
          expect(await left()).toEqual([]);
        });
        operator.signal('SIGTERM');
        expect(await operator.ended).toBe(0);
        expect(await left()).toEqual([]);
        expect(
          (await cluster.requestsBy(account)).filter(({ code, resource }) => code === 403 && resource !== unseen),
        ).toEqual([]);
        expect(faults(operator).filter((fault) => !fault.startsWith(`cannot list ${unseen} `))).toEqual([]);
      },
      240_000,
    );
  });
});

const patiently = { within: 90_000 };

async function createPlace(cluster: ControlPlaneAccess): Promise<Place> {
  const [own, one, two] = [
    await cluster.createNamespace('chart-own'),
    await cluster.createNamespace('chart-one'),
    await cluster.createNamespace('chart-two'),
  ];
  return { own, namespaces: [one, two] };
}

/** A relay that needs a Secret and a ConfigMap, and a policy that is asked for a test message. */
async function declare(cluster: ControlPlaneAccess, namespace: string) {
  const authority = await createAuthority({ name: 'Mail CA' });
  const server = await startSlowServer(await serverCertificate(authority));
  const object = (kind: string, name: string, rest: object) => ({
    apiVersion: kind === 'Secret' || kind === 'ConfigMap' ? 'v1' : 'relaykeeper.dev/v1alpha1',
    kind,
    metadata: { namespace, name },
    ...rest,
  });
  await cluster.apply(
    object('ConfigMap', 'ca', { data: { 'ca.crt': authority.certificatePem } }),
    object('Secret', 'login', { type: 'kubernetes.io/basic-auth', stringData: { username: 'relay', password: 'a' } }),
    object('SmtpRelay', 'refused', { spec: { host: '127.0.0.1', port: 1, auth: { secretRef: { name: 'login' } } } }),
    object('SmtpRelay', 'corporate', {
      spec: {
        host: '127.0.0.1',
        port: server.port,
        tls: { caConfigMapRef: { name: 'ca' } },
        sender: { address: 'portal@example.com' },
        probe: { interval: '1h', depth: 'Tls' },
      },
    }),
    {
      ...object('NotificationPolicy', 'guests', { spec: policySpec }),
      metadata: {
        namespace,
        name: 'guests',
        annotations: { 'relaykeeper.dev/test-requested': 'first admin@example.com' },
      },
    },
  );
  return server;
}

/** A message is under way for longer than the operator holds one without a Lease of its own. */
async function startSlowServer(tls: Awaited<ReturnType<typeof serverCertificate>>) {
  const messages: string[] = [];
  const converse = mailScript({ tls, onMessage: (message) => messages.push(message) });
  const server = await startHostileServer(async (peer, connection) => {
    await setTimeout(presenceTimings.renewMs + 1_000);
    return converse(peer, connection);
  });
  onTestFinished(() => server.stop());
  return { port: server.port, messages };
}

/** Changes policies as their status is written, so that the operator has to look why a write is refused. */
async function race(cluster: ControlPlaneAccess, { namespaces }: Place): Promise<void> {
  const ask = () => [`relaykeeper.dev/test-requested=${randomUUID()} admin@example.com`, '--overwrite'];
  const asked = [...namespaces, ...namespaces, ...namespaces].map((namespace) =>
    cluster.kubectl(['annotate', 'npol', 'guests', '-n', namespace, ...ask()]),
  );
  await Promise.all(asked);
}

const policySpec = {
  relayRef: { name: 'corporate' },
  alarms: [
    {
      name: 'warnings',
      sources: { kubernetesEvents: { types: ['Warning'] } },
      notify: { addresses: ['oncall@example.com'] },
    },
  ],
};

/** As the pod has them, but for the port, which others may have here, and for the servers of this test. */
function argumentsFrom(objects: readonly Manifest[]): readonly string[] {
  const [, ...args] = podOf(objects).containers[0].args;
  return [...args, '--http-listen=127.0.0.1:0', '--allow-local-addresses'];
}

/** The rights that no request needed: those of the operator's own namespace are for what is there, the others for what is elsewhere. */
function unused(grants: readonly Grant[], requests: readonly AuditedRequest[], { own }: Place): readonly string[] {
  const used = requests.filter(({ code }) => code !== 403);
  return grants.flatMap(({ namespace, resources: [resource = ''], resourceNames, verbs }) => {
    const covers = (request: AuditedRequest) =>
      request.resource === resource &&
      (namespace === undefined ? request.namespace !== own : request.namespace === namespace) &&
      (resourceNames === undefined || resourceNames.includes(request.name));
    const missing = verbs.filter((verb) => !used.some((request) => request.verb === verb && covers(request)));
    return missing
      .filter((verb) => !onlyOnceReplaced(verb, resource))
      .map((verb) => `${verb} ${resource} ${resourceNames ?? ''} in ${namespace ?? 'all namespaces'}`);
  });
}

/**
 * A relay's status is refused only where the relay was replaced within the milliseconds before, which no test can bring
 * about from outside; test/store/policy-conformance.ts shows of policies that the operator looks then.
 */
function onlyOnceReplaced(verb: string, resource: string): boolean {
  return verb === 'get' && resource === 'smtprelays';
}

function faults({ log }: Operator): readonly string[] {
  return log.filter(({ level }) => level >= 50).map(({ msg }) => msg);
}
