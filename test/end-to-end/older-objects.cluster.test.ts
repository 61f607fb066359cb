// Relays that the API server let in under an older, laxer schema: the controller says of each what the API server
// would say of it today.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { relayCases } from '../api/relay-cases.ts';
import type { ControlPlane } from '../control-plane/control-plane.ts';
import { describeWithCluster, ownControlPlane } from '../control-plane/shared.ts';
import { conditionOf, createWorld } from './world.ts';

interface Manifest {
  readonly spec: object;
}

/** Those whose fault is in their spec; names and unknown fields are no matter of a schema that was laxer once. */
const cases = relayCases
  .filter(({ says, beyondServer }) => says.length > 0 && !beyondServer)
  .filter(({ says }) => says.every((words) => words.startsWith('spec.') && !words.includes('unknown field')))
  .map(({ title, manifest, says }, index) => ({
    title,
    says,
    name: `case-${index}`,
    spec: (manifest as Manifest).spec,
  }));

describeWithCluster('of relays from before its schema', () => {
  let cluster: ControlPlane;
  beforeAll(async () => {
    cluster = await ownControlPlane();
  });
  afterAll(() => cluster.stop());

  test('the controller says what the API server says of new ones', async () => {
    const world = await createWorld(cluster, 'older');
    const crd = JSON.parse((await cluster.kubectl(['get', 'crd', crdName, '-o', 'json'])).stdout);
    await cluster.apply(lax(crd));
    await world.kubectl('wait', '--for=condition=Established', `crd/${crdName}`);
    const taken: typeof cases = [];
    for (const one of cases) {
      if ((await create(one.name, one.spec, [])).code === 0) taken.push(one);
    }
    expect(taken.length).toBeGreaterThan(40);
    const applied = await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', join(root, 'crds')]);
    expect(applied).toMatchObject({ code: 0 });
    await expect.poll(async () => (await create('probe', { host: 'a b' }, ['--dry-run=server'])).code).toBe(1);

    const operator = world.startOperator();
    for (const { title, name, spec, says } of taken.filter(({ title }) => title !== beyondStatus)) {
      const seen = await world.untilReady(name, { status: 'False' });
      const accepted = conditionOf(seen, 'Accepted');
      const refused = await create('probe', spec, ['--dry-run=server', '--validate=strict']);
      expect(refused.code, title).toBe(1);
      expect(accepted, title).toMatchObject({ status: 'False' });
      for (const words of says) {
        expect(accepted?.message, title).toContain(words.slice(0, 400));
        expect(plain(refused.stderr), title).toContain(plain(words.replace(/^[^:]*: /, '')).slice(0, 400));
      }
    }
    const mute = taken.find(({ title }) => title === beyondStatus);
    const complaints = operator.log.filter(({ relay }) => relay === `${world.namespace}/${mute?.name}`);
    expect(complaints.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^status was refused: .*spec\.host: Invalid/),
    ]);
    const patches = (await world.requests()).filter(({ verb, name }) => verb === 'patch' && name === mute?.name);
    expect(patches.map(({ code }) => code)).toEqual([422]);

    async function create(name: string, spec: object, flags: readonly string[]) {
      const manifest = { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'SmtpRelay', metadata: { name }, spec };
      return cluster.kubectl(['create', '-n', world.namespace, ...flags, '-f', '-'], {
        input: JSON.stringify(manifest),
      });
    }
  }, 300_000);
});

/**
 * Of a type so wrong that its rules cannot be run: then the API server takes no status either, whoever writes it. The
 * log has to do, once.
 */
const beyondStatus = 'a number as host';

const root = join(import.meta.dirname, '../..');
const crdName = 'smtprelays.relaykeeper.dev';

/** The same kind with no rule but that there is a spec. */
function lax(crd: { metadata: object; spec: { versions: readonly object[] } }): object {
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const openAPIV3Schema = { type: 'object', properties: { spec: anything, status: anything } };
  const versions = crd.spec.versions.map((version) => ({ ...version, schema: { openAPIV3Schema } }));
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: crdName },
    spec: { ...crd.spec, versions },
  };
}

/** kubectl wraps what the API server says in quotes of its own. */
function plain(text: string): string {
  return text.replaceAll('\\"', '"').replaceAll(/\s+/g, ' ');
}
