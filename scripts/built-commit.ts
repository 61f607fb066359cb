// Which commit is being built: as the environment says, where the sources came without their history (an image's build), else
// as git knows it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Undefined where nobody knows. With `-dirty` where files differ from it. */
export async function builtCommit(directory: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const given = environment.RELAYKEEPER_COMMIT;
  if (given) return given;
  const [commit, changes] = await Promise.all([
    git(directory, ['rev-parse', 'HEAD']),
    git(directory, ['status', '--porcelain', '--untracked-files=no']),
  ]);
  return commit && `${commit}${changes ? '-dirty' : ''}`;
}

/** A copy without a repository, or a machine without git, has no answer. */
async function git(directory: string, args: readonly string[]): Promise<string | undefined> {
  return await run('git', args, { cwd: directory }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
