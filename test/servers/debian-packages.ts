// Sees to it that packages of Debian are here, for tests that need a real server.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export type Packages = { readonly kind: 'installed' } | { readonly kind: 'missing'; readonly why: string };

const run = promisify(execFile);
const policy = '/usr/sbin/policy-rc.d';

/**
 * Installs what is missing where this runs as root on Debian, without starting any service. Elsewhere the caller skips
 * its tests and says `why`; with CI=true a failed installation throws, so that CI never skips unseen.
 */
export async function debianPackages(names: readonly string[]): Promise<Packages> {
  if (!existsSync('/etc/debian_version')) return missing(names, 'this is no Debian system');
  if (process.getuid?.() !== 0) return missing(names, 'a mail server needs root');
  if (await areInstalled(names)) return { kind: 'installed' };
  const failure = await install(names);
  if (failure === undefined) return { kind: 'installed' };
  if (process.env.CI === 'true') throw new Error(`cannot install ${names.join(' and ')}: ${failure}`);
  return missing(names, failure);
}

function missing(names: readonly string[], why: string): Packages {
  return { kind: 'missing', why: `tests with Debian's ${names.join(' and ')} are skipped: ${why}` };
}

async function areInstalled(names: readonly string[]): Promise<boolean> {
  const { stdout } = await run('dpkg', ['--status', ...names]).catch(
    // dpkg ends with 1 where it knows nothing of a name.
    (error: unknown) => ({ stdout: String(error) }),
  );
  return stdout.split('\n').filter((line) => line === 'Status: install ok installed').length === names.length;
}

async function install(names: readonly string[]): Promise<string | undefined> {
  // invoke-rc.d asks policy-rc.d; 101 means that no service may be started.
  const ours = !existsSync(policy);
  if (ours) await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const first = await aptGet(['install', '--yes', '--no-install-recommends', ...names]);
    if (first === undefined) return undefined;
    // The package lists may be old, or not there at all.
    return (await aptGet(['update'])) ?? (await aptGet(['install', '--yes', '--no-install-recommends', ...names]));
  } finally {
    if (ours) await rm(policy);
  }
}

/** What apt-get complains of, if it fails. */
async function aptGet(args: readonly string[]): Promise<string | undefined> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return await run('apt-get', ['--quiet', '-o', 'DPkg::Lock::Timeout=300', ...args], { env }).then(
    () => undefined,
    (error: Error) => error.message,
  );
}
