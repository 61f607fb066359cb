// A software bill of materials in CycloneDX 1.5. The same for the same lock file, Node and time, byte for byte.
import { createHash } from 'node:crypto';
import { type LockedPackage, lockedPackages, neededBy, type PackageLock } from './locked-packages.ts';

export interface BillOptions {
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly description: string;
    readonly license: string;
  };
  readonly lock: PackageLock;
  readonly nodeVersion: string;
  /** Seconds since the epoch (reproducible-builds.org); absent: the bill says no time. */
  readonly sourceDateEpoch: string | undefined;
}

export function billOfMaterials({ manifest, lock, nodeVersion, sourceDateEpoch }: BillOptions): object {
  const packages = lockedPackages(lock);
  const own = `${manifest.name}@${manifest.version}`;
  const refs = new Map(packages.map(({ path, name, version }) => [path, `${name}@${version}|${path}`]));
  const refsOf = (paths: readonly string[]) => paths.flatMap((path) => refs.get(path) ?? []);
  const components = [nodeComponent(nodeVersion), ...packages.map((one) => component(one, refs.get(one.path) ?? ''))];
  const dependencies = [
    { ref: own, dependsOn: refsOf(neededBy(lock, '')) },
    ...packages.map(({ path, needs }) => ({ ref: refs.get(path), dependsOn: refsOf(needs) })),
  ];
  const { name, version, description, license } = manifest;
  const program = {
    'bom-ref': own,
    type: 'application',
    name,
    version,
    description,
    licenses: [{ license: { id: license } }],
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([program, components, sourceDateEpoch]))}`,
    version: 1,
    metadata: { ...timestamp(sourceDateEpoch), component: program },
    components,
    dependencies,
  };
}

function component({ name, version, sha512, license }: LockedPackage, ref: string): object {
  return {
    'bom-ref': ref,
    type: 'library',
    name,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(sha512 && { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
    ...(license && { licenses: [/[ ()]/.test(license) ? { expression: license } : { license: { id: license } }] }),
  };
}

function nodeComponent(version: string): object {
  return { 'bom-ref': 'node', type: 'platform', name: 'node', version, purl: `pkg:generic/node@${version}` };
}

function timestamp(seconds: string | undefined): { timestamp?: string } {
  return seconds ? { timestamp: new Date(Number(seconds) * 1_000).toISOString() } : {};
}

/** A UUID of version 8 (RFC 9562 §5.8), made of what it names. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
