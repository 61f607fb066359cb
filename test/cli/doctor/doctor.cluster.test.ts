// `relaykeeper doctor` on a real API server: beside an operator that runs with the roles that are installed, and where
// something is lacking.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type ClusterWorld, openClusterWorld } from '../../../src/cli/doctor/cluster-world.ts';
import { definitionsCheck } from '../../../src/cli/doctor/definitions-check.ts';
import type { Checked } from '../../../src/cli/doctor/finding.ts';
import { rightsCheck } from '../../../src/cli/doctor/rights-check.ts';
import type { Grant } from '../../control-plane/access.ts';
import type { ControlPlane } from '../../control-plane/control-plane.ts';
import { run } from '../../control-plane/run.ts';
import {
  bundledProgram,
  describeWithCluster,
  ownControlPlane,
  sharedControlPlane,
} from '../../control-plane/shared.ts';
import { alarmRights, operatorRights, withoutVerb } from '../../end-to-end/rights.ts';
import { createWorld } from '../../end-to-end/world.ts';
import { plain, startServer } from '../../relays/servers.ts';
import { eventually } from '../../store/eventually.ts';

const signal = new AbortController().signal;
const io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: {} };

async function opened(kubeconfig: string, operatorNamespace: string, serviceAccount?: string): Promise<ClusterWorld> {
  const whose = serviceAccount === undefined ? {} : { serviceAccount };
  const world = await openClusterWorld(
    { kubeconfig, operatorNamespace, secretAccess: 'Cluster', output: 'json', ...whose },
    io,
  );
  onTestFinished(world.close);
  return world;
}

describeWithCluster('doctor', () => {
  const cluster = sharedControlPlane();

  const examine = async (kubeconfig: string, ...args: readonly string[]) => {
    const { program } = bundledProgram();
    const env = { PATH: process.env.PATH, HOME: tmpdir() };
    const own = ['doctor', '--kubeconfig', kubeconfig, '-o', 'json', ...args];
    const { code, stdout, stderr } = await run(process.execPath, [program, ...own], { env });
    expect(stderr).toBe('');
    return { code, checks: (JSON.parse(stdout) as { checks: readonly Checked[] }).checks };
  };

  test('finds nothing wrong beside an operator that runs with the installed roles, asked with its own token', async () => {
    const world = await createWorld(cluster, 'doctor');
    const server = await startServer();
    await world.apply('corporate', plain(server.port));
    world.startOperator();
    await world.untilReady('corporate', { status: 'True' });
    const args = ['--operator-namespace', world.namespace, '-n', world.namespace];
    const last = await eventually('all leases are held', async () => {
      const examined = await examine(world.kubeconfig, ...args);
      return (
        examined.checks.filter(({ check }) => check === 'leases').every(({ verdict }) => verdict === 'ok') && examined
      );
    });
    // Whether this machine has a resolver is not for this test to say.
    const found = last.checks.filter(({ check, verdict }) => verdict !== 'ok' && check !== 'DNS');
    expect(found).toEqual([]);
    expect(last.code).toBe(last.checks.some(({ verdict }) => verdict === 'failed') ? 1 : 0);
    const names = [...new Set(last.checks.map(({ check }) => check))];
    const wanted = [
      'API server',
      'clock',
      'custom resources',
      'relays and policies',
      'rights',
      'leases',
      'operator key',
    ];
    expect(names).toEqual([...wanted, 'outbox', 'ledger', 'deliveries', 'alarm journal', 'DNS']);
    expect(last.checks.find(({ check }) => check === 'rights')?.message).toContain(
      `system:serviceaccount:${world.namespace}:relaykeeper may get, list, watch smtprelays`,
    );
  }, 120_000);

  test('where no operator runs it says so, and exits 1', async () => {
    const namespace = await cluster.createNamespace('doctor-empty');
    const { code, checks } = await examine(cluster.kubeconfigPath, '--operator-namespace', namespace, '-n', namespace);
    const failed = checks.filter(({ check, verdict }) => verdict === 'failed' && check !== 'DNS');
    expect(failed.map(({ message }) => message)).toEqual([
      `Nobody probes relays: there is no lease ${namespace}/relaykeeper-probes.`,
      `Nobody sends reminders: there is no lease ${namespace}/relaykeeper-scheduler.`,
      `Nobody runs alarm rules: there is no lease ${namespace}/relaykeeper-alarms.`,
    ]);
    expect(code).toBe(1);
  });

  test('an operator that was killed is told of once its leases are old', async () => {
    const namespace = await cluster.createNamespace('doctor-killed');
    const renewTime = new Date(Date.now() - 3_600_000).toISOString().replace('Z', '000Z');
    const spec = { holderIdentity: 'relaykeeper-0', leaseDurationSeconds: 10, acquireTime: renewTime, renewTime };
    const metadata = { namespace, name: 'relaykeeper-probes' };
    await cluster.apply({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
    const { checks } = await examine(cluster.kubeconfigPath, '--operator-namespace', namespace, '-n', namespace);
    expect(checks).toContainEqual(
      expect.objectContaining({
        verdict: 'failed',
        message: `relaykeeper-0 probes relays, but was last heard of 60m ago (lease ${namespace}/relaykeeper-probes).`,
      }),
    );
  });

  describe('with --service-account', () => {
    // What is needed hangs on the policies of the whole cluster: other files' would be asked for too.
    let own: ControlPlane;
    let namespace = '';
    const lacking = (rights: readonly Grant[]) =>
      rights.flatMap(({ apiGroups, resources: [resource = ''], verbs }) =>
        verbs.map((verb) => ({ group: apiGroups[0] ?? '', resource, verb })),
      );
    // Events are read only where a policy looks at them: the test after this group.
    const isAsked = ({ resource, verb }: { resource: string; verb: string }) =>
      resource !== 'events' || verb === 'create';
    const all = distinct(lacking(operatorRights('own'))).filter(isAsked);
    const accountOf = ({ resource, verb }: { resource: string; verb: string }) =>
      `no-${verb}-${resource.replace('/', '-')}`;

    beforeAll(async () => {
      own = await ownControlPlane();
      namespace = await own.createNamespace('doctor-rights');
      const rights = operatorRights(namespace);
      // A role and a cluster role each, not one a rule: the API server takes them all in one go.
      const objects = all.flatMap((one) => roles(accountOf(one), namespace, withoutVerb(rights, one)));
      await own.apply(...objects, ...roles('complete', namespace, rights));
    }, 120_000);
    afterAll(() => own.stop());

    const found = async (account: string) =>
      rightsCheck.look(await opened(own.kubeconfigPath, namespace, account), signal);

    test('nothing is asked for that the installed roles do not grant', async () => {
      const findings = await eventually('the roles count', async () => {
        const now = await found('complete');
        return now.every(({ verdict, message }) => verdict === 'ok' || isAboutPolicies(message)) && now;
      });
      expect(findings.length).toBeGreaterThan(8);
      expect(findings[0]?.message).toContain(`service account ${namespace}/complete may get, list, watch smtprelays`);
    });

    test.each(all)('without $verb on $resource it says just that', async (one) => {
      const findings = await eventually('the roles count', async () => {
        const now = (await found(accountOf(one))).filter(({ message }) => !isAboutPolicies(message));
        const failed = now.filter(({ verdict }) => verdict === 'failed');
        return failed.length > 0 && failed.length <= 2 && failed;
      });
      for (const { message, remedy } of findings) {
        expect(message).toMatch(new RegExp(`may not ${one.verb} ${one.resource}( of ${one.group})?( in |\\.)`));
        expect(remedy).toContain(`verbs [${one.verb}]`);
      }
    });

    test('who may not ask about others is told how to', async () => {
      const account = { namespace, name: 'nobody' };
      const kubeconfig = await own.kubeconfigFor({ ...account, grants: [] });
      const findings = await rightsCheck.look(await opened(kubeconfig, namespace, 'complete'), signal);
      expect(findings).toMatchObject([
        { verdict: 'failed', message: expect.stringContaining('must be granted create on subjectaccessreviews') },
      ]);
    });
  });

  test('a policy that looks at Events and at a further kind needs more, which is said', async () => {
    const world = await createWorld(cluster, 'doctor-events');
    const sources = {
      kubernetesEvents: {},
      resourceConditions: [{ apiVersion: 'apps/v1', kind: 'Deployment', type: 'Available', status: 'False' }],
    };
    await cluster.apply({
      apiVersion: 'relaykeeper.dev/v1alpha1',
      kind: 'NotificationPolicy',
      metadata: { namespace: world.namespace, name: 'oncall' },
      spec: {
        relayRef: { name: 'none' },
        alarms: [{ name: 'all', sources, notify: { addresses: ['a@example.com'] } }],
      },
    });
    const events = { resource: 'events' };
    const installed = operatorRights(world.namespace);
    await world.grant(withoutVerb(withoutVerb(installed, { ...events, verb: 'list' }), { ...events, verb: 'watch' }));
    const args = ['--operator-namespace', world.namespace, '-n', world.namespace];
    const rights = async () =>
      (await examine(world.kubeconfig, ...args)).checks.filter(
        ({ check, verdict }) => check === 'rights' && verdict === 'failed',
      );
    const who = `system:serviceaccount:${world.namespace}:relaykeeper`;
    const lacking = await eventually('the rights count', async () => {
      const now = await rights();
      return now.length === 2 && now;
    });
    expect(lacking.map(({ message }) => message)).toEqual([
      `${who} may not list, watch events of events.k8s.io in namespace ${world.namespace}.`,
      `${who} may not list, watch deployments of apps in namespace ${world.namespace}.`,
    ]);
    await world.grant(
      alarmRights(world.namespace, [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'] }]),
    );
    await eventually('the rights count', async () => (await rights()).length === 0);
  }, 120_000);
});

describeWithCluster('doctor, about the custom resources', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await ownControlPlane();
  }, 120_000);
  afterAll(() => cluster.stop());

  const found = async () => definitionsCheck.look(await opened(cluster.kubeconfigPath, 'default'), signal);
  /** The API server takes its time to publish a changed schema. */
  const foundTo = (words: RegExp) =>
    eventually(String(words), async () => (await found()).find(({ message }) => words.test(message)), {
      within: 60_000,
    });

  test('says of each whether it is there and the same, and how to mend it', async () => {
    await foundTo(/^SmtpRelay of .* is there, in the form/);
    await foundTo(/^NotificationPolicy of .* is there, in the form/);

    await replace('relaykeeper.dev_smtprelays.yaml', (spec) => {
      delete spec.properties.sender.properties.replyTo;
      spec.properties.host.maxLength = 10;
    });
    const other = await foundTo(/^SmtpRelay is another version/);
    expect(other.message).toBe(
      "SmtpRelay is another version than this program's: it says otherwise in spec.host (maxLength), it lacks spec.sender.replyTo.",
    );
    expect(other).toMatchObject({
      verdict: 'failed',
      remedy: expect.stringContaining('kubectl apply --server-side -f crds/'),
    });

    await cluster.kubectl(['delete', 'crd', 'notificationpolicies.relaykeeper.dev', '--wait=false']);
    const missing = await foundTo(/^The cluster knows no NotificationPolicy of relaykeeper\.dev\/v1alpha1\.$/);
    expect(missing.verdict).toBe('failed');
  }, 180_000);

  async function replace(file: string, change: (spec: ChangedSchema) => void): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), 'relaykeeper-doctor-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const crd = load(await readFile(join(import.meta.dirname, '../../../crds', file), 'utf8')) as ChangedCrd;
    for (const { schema } of crd.spec.versions) change(schema.openAPIV3Schema.properties.spec);
    await writeFile(join(directory, file), dump(crd));
    const { code, stderr } = await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', directory]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
});

interface ChangedSchema {
  readonly properties: {
    readonly host: { maxLength?: number };
    readonly sender: { readonly properties: { replyTo?: unknown } };
  };
}

interface ChangedCrd {
  readonly spec: {
    readonly versions: readonly {
      readonly schema: { readonly openAPIV3Schema: { readonly properties: { readonly spec: ChangedSchema } } };
    }[];
  };
}

function roles(account: string, namespace: string, grants: readonly Grant[]): object[] {
  const name = `${namespace}.${account}`;
  const group = 'rbac.authorization.k8s.io';
  const labels = { doctor: namespace };
  const subjects = [{ kind: 'ServiceAccount', namespace, name: account }];
  const rules = (own: boolean) =>
    grants.filter((grant) => (grant.namespace !== undefined) === own).map(({ namespace: _, ...rule }) => rule);
  return [
    { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name, labels }, rules: rules(false) },
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name, labels },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name },
      subjects,
    },
    { apiVersion: `${group}/v1`, kind: 'Role', metadata: { name, namespace, labels }, rules: rules(true) },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { name, namespace, labels },
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects,
    },
  ];
}

/** The control plane is shared: policies of other tests may need list and watch on Events and further kinds. */
function isAboutPolicies(message: string): boolean {
  return /may not list, watch|A policy looks at/.test(message) && !/namespaces/.test(message);
}

function distinct<One>(list: readonly One[]): One[] {
  return [...new Map(list.map((one) => [JSON.stringify(one), one])).values()];
}
