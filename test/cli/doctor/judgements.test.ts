// What doctor concludes, from facts alone.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { relaySchema } from '../../../src/api/schema.ts';
import { clockSkew } from '../../../src/cli/doctor/clock-skew.ts';
import { declaredFacts } from '../../../src/cli/doctor/declared-facts.ts';
import { type Checked, fine, wrong } from '../../../src/cli/doctor/finding.ts';
import { findingsJson, findingText, summaryText } from '../../../src/cli/doctor/findings-text.ts';
import { type DeclaredNeeds, neededRights, type Right } from '../../../src/cli/doctor/needed-rights.ts';
import { runChecks } from '../../../src/cli/doctor/run-checks.ts';
import { schemaDifferences } from '../../../src/cli/doctor/schema-difference.ts';
import { clockCheck } from '../../../src/cli/doctor/server-check.ts';

const signal = new AbortController().signal;

describe('the skew of two clocks', () => {
  test('is never told of where both may be the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000_000 }), fc.nat(5_000), fc.nat(5_000), (before, first, then) => {
        const second = Math.floor((before + first) / 1_000) * 1_000;
        expect(clockSkew({ before, second, after: before + first + then })).toBe(0);
      }),
    );
  });

  test('is never more than it is, and less by no more than a second and the time of the answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.nat(3_000), fc.nat(3_000), (skew, first, then) => {
        const before = 10_000_000;
        const second = Math.floor((before + first - skew) / 1_000) * 1_000;
        const told = clockSkew({ before, second, after: before + first + then });
        expect(Math.abs(told)).toBeLessThanOrEqual(Math.abs(skew));
        expect(Math.abs(skew) - Math.abs(told)).toBeLessThanOrEqual(1_000 + first + then);
      }),
    );
  });

  test.each([
    [0, 'ok', 'agree about the time'],
    [-20_000, 'warning', 'is 20 s behind the API server'],
    [20_000, 'warning', 'is 19 s ahead of the API server'],
    [3_600_000, 'failed', 'ahead of the API server'],
  ])('of %d ms is %s', async (skew, verdict, words) => {
    const now = () => 1_800_000_000_000 + skew;
    const readServerTime = async () => ({ kind: 'known', second: 1_800_000_000_000 }) as const;
    const [finding] = await clockCheck.look({ now, readServerTime }, signal);
    expect(finding).toMatchObject({ verdict, message: expect.stringContaining(words) });
  });
});

describe('differences of schemas', () => {
  const spec = relaySchema.properties?.spec;

  test('of a schema and itself are none', () => {
    expect(schemaDifferences(spec, structuredClone(spec))).toEqual([]);
  });

  test.each<[string, unknown, unknown, readonly object[]]>([
    ['a field that is not there yet', { properties: { a: { type: 'string' } } }, {}, [{ path: 'a', kind: 'missing' }]],
    ['a field that is no more', {}, { properties: { a: { type: 'string' } } }, [{ path: 'a', kind: 'unknown' }]],
    [
      'a field of a field in a list',
      { properties: { a: { items: { properties: { b: { type: 'string' } } } } } },
      { properties: { a: { items: { properties: { b: { type: 'integer' } } } } } },
      [{ path: 'a[].b (type)', kind: 'changed' }],
    ],
    [
      'another default',
      { properties: { a: { default: 1 } } },
      { properties: { a: {} } },
      [{ path: 'a (default)', kind: 'changed' }],
    ],
    ['another order of keys is none', { default: { a: 1, b: 2 } }, { default: { b: 2, a: 1 } }, []],
    [
      'another order of an enum is one',
      { enum: ['a', 'b'] },
      { enum: ['b', 'a'] },
      [{ path: ' (enum)', kind: 'changed' }],
    ],
    ['another description is none', { description: 'one' }, { description: 'other' }, []],
    ['no schema at all is one', { type: 'object' }, undefined, [{ path: '', kind: 'changed' }]],
  ])('%s', (_name, wanted, installed, expected) => {
    expect(schemaDifferences(wanted, installed)).toEqual(expected);
  });
});

describe('what relays and policies ask for', () => {
  const facts = declaredFacts(
    [
      relay('one', {
        host: 'mail.example.com',
        tls: { caSecretRef: { name: 'ca', key: 'ca.crt' } },
        auth: { oauth2: { secretRef: { name: 'app' } } },
      }),
      relay('two', { host: 'mail.example.com', tls: { caConfigMapRef: { name: 'bundle' } } }),
      relay('wrong', { host: 5 }),
    ],
    [
      {
        metadata: { namespace: 'mail', name: 'oncall' },
        spec: {
          relayRef: { name: 'one' },
          reminders: [{ subjects: { resources: { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' } } }],
          alarms: [
            { name: 'hooked', sources: { webhook: { tokenSecretRef: { name: 'token', key: 'token' } } } },
            { name: 'events', sources: { kubernetesEvents: { types: ['Warning'] } } },
            { name: 'down', sources: { resourceConditions: [{ apiVersion: 'apps/v1', kind: 'Deployment' }] } },
          ],
        },
      },
      'no object',
    ],
  );

  test('hosts, each with its relays', () => {
    expect([...facts.hosts]).toEqual([['mail.example.com', ['mail/one', 'mail/two']]]);
  });

  test('what they refer to, wherever it stands', () => {
    expect(facts.references).toEqual([
      { namespace: 'mail', resource: 'secrets', name: 'ca' },
      { namespace: 'mail', resource: 'secrets', name: 'app' },
      { namespace: 'mail', resource: 'configmaps', name: 'bundle' },
      { namespace: 'mail', resource: 'secrets', name: 'token' },
    ]);
  });

  test('the webhook, Events and further kinds', () => {
    expect(facts).toMatchObject({
      webhookRules: ['mail/oncall/hooked'],
      needsEvents: true,
      watchedKinds: [
        { apiVersion: 'apps/v1', kind: 'Deployment' },
        { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' },
      ],
    });
  });
});

describe('the rights that are asked for', () => {
  const none: DeclaredNeeds = { references: [], namespaces: [], needsEvents: false, watched: [] };
  const text = ({ group, resource, verbs, namespace, name }: Right) =>
    `${verbs.join(',')} ${resource}${group && `.${group}`}${name ? `/${name}` : ''} ${namespace ?? '*'}`;

  test('are those of the table in README.md', () => {
    const rights = neededRights({ namespace: 'own', namespaces: [], secretAccess: 'Cluster' }, none);
    expect(rights.map(text).sort()).toEqual(readmeRights('own').map(text).sort());
  });

  test('of an operator on some namespaces are in these alone', () => {
    const rights = neededRights({ namespace: 'own', namespaces: ['a', 'b'], secretAccess: 'Cluster' }, none);
    expect(new Set(rights.map(({ namespace }) => namespace))).toEqual(new Set(['a', 'b', 'own']));
    expect(rights.map(({ resource }) => resource)).not.toContain('namespaces');
  });

  test('with Named are over the objects that are named', () => {
    const needs = { ...none, references: [{ namespace: 'a', resource: 'secrets', name: 'login' } as const] };
    const rights = neededRights({ namespace: 'own', namespaces: [], secretAccess: 'Named' }, needs).map(text);
    expect(rights).toContain('get,list,watch secrets/login a');
    expect(rights).not.toContain('get,list,watch secrets *');
  });

  test('with Namespaces are where something is declared', () => {
    const needs = { ...none, namespaces: ['a'] };
    const rights = neededRights({ namespace: 'own', namespaces: [], secretAccess: 'Namespaces' }, needs).map(text);
    expect(rights).toContain('get,list,watch secrets a');
    expect(rights).toContain('get,list,watch smtprelays.relaykeeper.dev *');
    expect(rights).not.toContain('get,list,watch secrets *');
  });

  test('reach to Events and further kinds where a policy looks at them', () => {
    const needs = { ...none, needsEvents: true, watched: [{ group: 'apps', resource: 'deployments' }] };
    const rights = neededRights({ namespace: 'own', namespaces: [], secretAccess: 'Cluster' }, needs).map(text);
    expect(rights).toContain('create,list,watch events.events.k8s.io *');
    expect(rights).toContain('list,watch deployments.apps *');
  });
});

describe('checks', () => {
  const check = (name: string, finding: ReturnType<typeof fine>, essential = false) => ({
    name,
    essential,
    look: async () => [finding],
  });
  const bad = wrong('It is off.', 'Switch it on.');
  const run = async (...checks: ReturnType<typeof check>[]) => {
    const told: string[] = [];
    const news = { begun: (name: string) => told.push(name), found: (found: Checked) => told.push(found.message) };
    return { all: await runChecks(checks, { world: {}, news }, signal), told };
  };

  test('are told of as they come', async () => {
    const { told } = await run(check('one', fine('Good.')), check('two', bad));
    expect(told).toEqual(['one', 'Good.', 'two', 'It is off.']);
  });

  test('after an essential one that failed are named and left out', async () => {
    const { all } = await run(check('one', bad, true), check('two', fine('Good.')), check('three', fine('Good.')));
    expect(all.map(({ message }) => message)).toEqual(['It is off.', 'Not looked at because of that: two, three.']);
  });

  test('read as a line, with the remedy below', () => {
    const found = { check: 'lamp', ...bad };
    expect(findingText(found, { width: 80, color: false })).toBe('✗ lamp: It is off.\n    Switch it on.');
  });

  test('show no control characters of a server', () => {
    const text = findingText({ check: 'lamp', ...fine('It says \u001b[2J.') }, { width: 80, color: false });
    expect(text).not.toContain('\u001b');
  });

  test('are counted at the end', () => {
    const all = [
      { check: 'one', ...fine('Good.') },
      { check: 'two', ...bad },
    ];
    expect(summaryText(all)).toBe('Something is to be mended: 1 in order, 0 to look at (!), 1 wrong (✗).');
    expect(JSON.parse(findingsJson(all))).toEqual({
      ok: false,
      checks: [
        { check: 'one', verdict: 'ok', message: 'Good.', remedy: null },
        { check: 'two', verdict: 'failed', message: 'It is off.', remedy: 'Switch it on.' },
      ],
    });
  });
});

function relay(name: string, spec: object) {
  return { metadata: { namespace: 'mail', name }, spec };
}

/** The rows `| group | resources | verbs |` below "The operator needs these rights". */
function readmeRights(own: string): readonly Right[] {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
  const table = readme.split('The operator needs these rights')[1]?.split('\n\n')[1] ?? '';
  const rows = table.split('\n').slice(2);
  return rows.flatMap((row) => {
    const [, group = '', resources = '', verbs = ''] = row.split('|').map((cell) => cell.trim());
    const isOwn = resources.includes("in the operator's namespace");
    return [...resources.matchAll(/`([a-z/]+)`/g)].map(([, resource = '']) => ({
      group: group === 'core' ? '' : group.replaceAll('`', ''),
      resource,
      verbs: (verbs.split(';')[0] ?? '').split(', '),
      ...(isOwn && { namespace: own }),
    }));
  });
}
