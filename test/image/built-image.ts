// The files that the image would hold, made without a container engine: the context by .dockerignore, then what each COPY
// and RUN of the Dockerfile says, in directories in place of stages. The Dockerfile is read, so that it cannot drift from this.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { run } from '../control-plane/run.ts';
import { copyOf, type Dockerfile, execForm, type Instruction, parseDockerfile, type Stage } from './dockerfile.ts';

export const repository = join(import.meta.dirname, '../..');

export interface BuiltImage {
  /** The root of its file system. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  /** What stands in place of CMD follows. */
  readonly user: number;
  remove(): Promise<void>;
}

export async function buildImage(buildArguments: Readonly<Record<string, string>>): Promise<BuiltImage> {
  const work = await mkdtemp(join(tmpdir(), 'relaykeeper-image-'));
  const dockerfile = parseDockerfile(await readFile(join(repository, 'Dockerfile'), 'utf8'));
  const roots = new Map<string, string>();
  await copyContext(join(work, 'context'));
  for (const [index, stage] of dockerfile.stages.entries()) {
    const name = stage.alias ?? String(index);
    const root = join(work, name);
    await mkdir(root);
    roots.set(name, root);
    await putBase(stage, dockerfile, root);
    await buildStage(stage, { root, roots, context: join(work, 'context'), buildArguments });
  }
  const last = dockerfile.stages.at(-1);
  const said = (wanted: string) => last?.instructions.findLast(({ name }) => name === wanted);
  const environment =
    last?.instructions.filter(({ name }) => name === 'ENV').map(({ text: pair }) => pair.split('=')) ?? [];
  return {
    root: [...roots.values()].at(-1) ?? '',
    environment: Object.fromEntries(environment),
    entrypoint: execForm(said('ENTRYPOINT') ?? { text: '[]' }) ?? [],
    user: Number(said('USER')?.text.split(':')[0]),
    remove: () => rm(work, { recursive: true, force: true }),
  };
}

/** Only lines `*` and `!name`: what is not let in is not there. */
async function copyContext(context: string): Promise<void> {
  const lines = (await readFile(join(repository, '.dockerignore'), 'utf8')).split('\n');
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (rules[0] !== '*' || rules.slice(1).some((rule) => !/^![\w.-]+$/.test(rule)))
    throw new Error('.dockerignore has other rules');
  for (const rule of rules.slice(1))
    await cp(join(repository, rule.slice(1)), join(context, rule.slice(1)), { recursive: true });
}

/** Of the base images what the Dockerfile takes from them: Node, and what Node is linked with. */
async function putBase({ image }: Stage, { stages }: Dockerfile, root: string): Promise<void> {
  if (image.includes('NODE_IMAGE')) await copyFile(process.execPath, join(root, 'usr/local/bin/node'));
  else if (stages.at(-1)?.image === image) await putLibraries(root);
}

/** As gcr.io/distroless/cc has them; and its /tmp. */
async function putLibraries(root: string): Promise<void> {
  await mkdir(join(root, 'tmp'), { mode: 0o777 });
  for (const library of await librariesOf(process.execPath)) await copyFile(library, join(root, library));
}

export async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program], {});
  return [...stdout.matchAll(/(\/\S+\.so\S*)/g)].map(([, path = '']) => path);
}

interface StageBuild {
  readonly root: string;
  readonly roots: ReadonlyMap<string, string>;
  readonly context: string;
  readonly buildArguments: Readonly<Record<string, string>>;
}

async function buildStage(stage: Stage, build: StageBuild): Promise<void> {
  let directory = '/';
  const environment: Record<string, string> = {};
  for (const instruction of stage.instructions) {
    const { name, text: said } = instruction;
    if (name === 'WORKDIR') directory = said;
    if (name === 'ARG' && build.buildArguments[said] !== undefined)
      environment[said] = build.buildArguments[said] ?? '';
    if (name === 'COPY') await copy(instruction, join(build.root, directory), build);
    if (name === 'RUN') await runIn(join(build.root, directory), instruction, environment);
  }
}

async function copy(instruction: Instruction, directory: string, { root, roots, context }: StageBuild): Promise<void> {
  const { from, sources, target } = copyOf(instruction);
  const source = from === undefined ? context : (roots.get(from) ?? '');
  const to = target.startsWith('/') ? join(root, target) : join(directory, target);
  for (const one of sources) {
    const path = join(source, one);
    const isDirectory = await readdir(path).then(
      () => true,
      () => false,
    );
    // The contents of a directory; a file into one that ends with a slash.
    await cp(path, !isDirectory && (target.endsWith('/') || sources.length > 1) ? join(to, basename(one)) : to, {
      recursive: true,
    });
  }
}

/** What `npm ci` would install is there already, from the same lock file. */
async function runIn(
  directory: string,
  { text: command }: Instruction,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  if (command.startsWith('npm ci')) {
    await symlink(join(repository, 'node_modules'), join(directory, 'node_modules'));
    return;
  }
  const child = spawn('sh', ['-c', command], {
    cwd: directory,
    env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, ...environment },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`${command}: ${stderr}`);
}

async function copyFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { dereference: true });
}
