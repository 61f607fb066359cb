// Where the control plane's programs are: KUBEBUILDER_ASSETS (the envtest convention), else the user's cache, else
// built from build/go.mod, whose hash names the cache so that another version never is mistaken for this one.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { buildBinaries, buildDirectory } from './build-binaries.ts';

export interface Binaries {
  readonly etcd: string;
  readonly apiServer: string;
  readonly kubectl: string;
}

export type BinariesResult =
  | { readonly kind: 'found'; readonly binaries: Binaries; readonly from: string }
  /** How to get them, in a sentence. */
  | { readonly kind: 'missing'; readonly remedy: string };

const programs = ['etcd', 'kube-apiserver', 'kubectl'] as const;

export async function findBinaries(
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<BinariesResult> {
  const assets = environment.KUBEBUILDER_ASSETS;
  if (assets)
    return complete(assets) ? found(assets) : missing(`KUBEBUILDER_ASSETS=${assets} lacks ${lacking(assets)}`);
  const directory = cacheDirectory(environment);
  if (complete(directory)) return found(directory);
  const built = await buildBinaries(directory, { environment, say, complete: () => complete(directory) });
  return built.kind === 'built' ? found(directory) : missing(built.message);
}

/** The same go.mod and go.sum give the same programs. */
export function cacheDirectory(environment: NodeJS.ProcessEnv): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(buildDirectory, file)));
  const cache = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(cache, 'relaykeeper', 'control-plane', hash.digest('hex').slice(0, 16));
}

function complete(directory: string): boolean {
  return programs.every((program) => existsSync(join(directory, program)));
}

function lacking(directory: string): string {
  return programs.filter((program) => !existsSync(join(directory, program))).join(', ');
}

function found(directory: string): BinariesResult {
  const [etcd, apiServer, kubectl] = programs.map((program) => join(directory, program));
  return {
    kind: 'found',
    binaries: { etcd: `${etcd}`, apiServer: `${apiServer}`, kubectl: `${kubectl}` },
    from: directory,
  };
}

function missing(message: string): BinariesResult {
  return {
    kind: 'missing',
    remedy: `${message}; install Go 1.26 or newer so that it is built once, or set KUBEBUILDER_ASSETS to a directory with ${programs.join(', ')}`,
  };
}
