// The packages that the program is made of, as package-lock.json has them: those that are installed without `dev` and
// `optional`. Not by `npm sbom --omit=dev`, which also leaves out what development needs besides (js-yaml, for one).
export interface LockedPackage {
  /** `node_modules/a/node_modules/b`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Hexadecimal. */
  readonly sha512: string | undefined;
  /** An SPDX expression. */
  readonly license: string | undefined;
  /** Paths of what it needs. */
  readonly needs: readonly string[];
}

export interface PackageLock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

export function lockedPackages({ packages }: PackageLock): readonly LockedPackage[] {
  return Object.entries(packages)
    .filter(([path, entry]) => path !== '' && isForProduction(entry))
    .map(([path, entry]) => ({
      path,
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version ?? '',
      sha512: sha512Of(entry.integrity),
      license: entry.license,
      needs: neededBy({ packages }, path),
    }));
}

/** Paths of what the package at this one needs; the empty path is the program's own. */
export function neededBy({ packages }: PackageLock, path: string): readonly string[] {
  const { dependencies = {}, peerDependencies = {} } = packages[path] ?? {};
  return Object.keys({ ...peerDependencies, ...dependencies }).flatMap(
    (name) => resolved({ packages }, path, name) ?? [],
  );
}

/** As Node looks for it: in its own node_modules, then in those above. What is not installed is nobody's need. */
function resolved({ packages }: PackageLock, from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const path = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    const entry = packages[path];
    if (entry) return isForProduction(entry) ? path : undefined;
    if (at === '') return undefined;
  }
}

function isForProduction({ dev, optional, devOptional }: LockEntry): boolean {
  return !dev && !optional && !devOptional;
}

function sha512Of(integrity = ''): string | undefined {
  const base64 = /^sha512-(\S+)/.exec(integrity)?.[1];
  return base64 && Buffer.from(base64, 'base64').toString('hex');
}
