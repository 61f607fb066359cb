// One control plane for all tests of the project `cluster`, with the CRDs applied, and the bundled program. Where no
// control plane can be had they are skipped and the reason is said; in CI (CI=true) that is a failure, so that nobody
// takes green for tested.
import type { TestProject } from 'vitest/node';
import { type Bundle, bundleProgram } from '../bundle.ts';
import type { ControlPlaneInfo } from './access.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { startControlPlane } from './control-plane.ts';

/** Without what cannot cross to them. */
export type BundledProgram = Pick<Bundle, 'program' | 'directory'>;

/** What test files are given; plain data, because it crosses to their processes. */
export type ProvidedControlPlane =
  | {
      readonly kind: 'running';
      readonly info: ControlPlaneInfo;
      readonly binaries: Binaries;
      readonly bundle: BundledProgram;
    }
  | { readonly kind: 'absent'; readonly remedy: string };

declare module 'vitest' {
  interface ProvidedContext {
    controlPlane: ProvidedControlPlane;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const found = await findBinaries(process.env, say);
  if (found.kind === 'missing') {
    if (process.env.CI === 'true') throw new Error(`the tests need a control plane: ${found.remedy}`);
    say(`tests that need a control plane are skipped: ${found.remedy}`);
    project.provide('controlPlane', { kind: 'absent', remedy: found.remedy });
    return async () => undefined;
  }
  const started = performance.now();
  const controlPlane = await startControlPlane({ binaries: found.binaries });
  const [bundle] = await Promise.all([bundleProgram(), controlPlane.applyCrds()]);
  say(`etcd and kube-apiserver from ${found.from} run, ready in ${Math.round(performance.now() - started)} ms`);
  const { program, directory } = bundle;
  project.provide('controlPlane', {
    kind: 'running',
    info: controlPlane.info,
    binaries: found.binaries,
    bundle: { program, directory },
  });
  return async () => {
    await Promise.all([controlPlane.stop(), bundle.remove()]);
  };
}

function say(line: string): void {
  process.stderr.write(`control plane: ${line}\n`);
}
