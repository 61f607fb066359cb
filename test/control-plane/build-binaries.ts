// Builds etcd, kube-apiserver and kubectl from build/go.mod into the cache. Minutes at first, so it says how far it
// is; a lock lets a second run wait for the first; the result appears in one rename, so half a build is never used.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export const buildDirectory = join(import.meta.dirname, 'build');

interface BuildOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** Whether another run has finished the very same build meanwhile. */
  readonly complete: () => boolean;
}

export type BuildResult = { readonly kind: 'built' } | { readonly kind: 'failed'; readonly message: string };

export async function buildBinaries(target: string, options: BuildOptions): Promise<BuildResult> {
  mkdirSync(dirname(target), { recursive: true });
  const lock = `${target}.lock`;
  let said = false;
  while (!takeLock(lock)) {
    if (!said) options.say(`another run is building the control plane (${lock}); waiting for it`);
    said = true;
    await wait(1_000);
  }
  try {
    return options.complete() ? { kind: 'built' } : await build(target, options);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The lock holds its owner's pid, so that one left by a killed run is seen to be stale. */
function takeLock(lock: string): boolean {
  try {
    const file = openSync(lock, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  if (ownerLives(lock)) return false;
  rmSync(lock, { force: true });
  return takeLock(lock);
}

function ownerLives(lock: string): boolean {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // Empty for the moment between its creation and the writing of the pid.
    if (owner === 0) return true;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function build(target: string, { environment, say }: BuildOptions): Promise<BuildResult> {
  const partial = `${target}.partial`;
  rmSync(partial, { recursive: true, force: true });
  say('building etcd, kube-apiserver and kubectl once, for the tests that need a control plane: 4 to 15 minutes');
  const run = await goBuild(partial, environment, say);
  if (run.kind === 'failed') return run;
  // Go names a program after its folder; etcd's is server/.
  renameSync(join(partial, 'server'), join(partial, 'etcd'));
  rmSync(target, { recursive: true, force: true });
  renameSync(partial, target);
  say(`built; kept in ${target}`);
  return { kind: 'built' };
}

/** kube-apiserver takes its own version from these; without them it calls itself v0.0.0. */
function versionFlags(): string {
  const version =
    /k8s\.io\/kubernetes v(\S+)/.exec(readFileSync(join(buildDirectory, 'go.mod'), 'utf8'))?.[1] ?? '0.0.0';
  const [major, minor] = version.split('.');
  const set = (name: string, value: string) => `-X k8s.io/component-base/version.${name}=${value}`;
  return `-s -w ${set('gitVersion', `v${version}`)} ${set('gitMajor', `${major}`)} ${set('gitMinor', `${minor}`)}`;
}

function goBuild(output: string, environment: NodeJS.ProcessEnv, say: (line: string) => void): Promise<BuildResult> {
  const args = ['build', '-v', '-trimpath', '-ldflags', versionFlags(), '-o', `${output}/`, 'tool'];
  const started = performance.now();
  return new Promise((resolve) => {
    const go = spawn('go', args, {
      cwd: buildDirectory,
      env: { ...environment, CGO_ENABLED: '0' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let packages = 0;
    let tail = '';
    const progress = setInterval(() => {
      say(`still building: ${packages} packages compiled in ${Math.round((performance.now() - started) / 1_000)} s`);
    }, 15_000);
    const end = (result: BuildResult) => {
      clearInterval(progress);
      resolve(result);
    };
    go.stderr.setEncoding('utf8').on('data', (text: string) => {
      packages += text.split('\n').length - 1;
      tail = (tail + text).slice(-2_000);
    });
    go.on('error', (error) =>
      end({
        kind: 'failed',
        message:
          errorCode(error) === 'ENOENT'
            ? 'there is no `go` to build the control plane with'
            : `go cannot be started: ${error.message}`,
      }),
    );
    go.on('close', (code) =>
      end(code === 0 ? { kind: 'built' } : { kind: 'failed', message: `go build ended with ${code}: ${tail.trim()}` }),
    );
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
