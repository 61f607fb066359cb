// How a test file reaches the control plane that global-setup.ts started, or skips where there is none.
import { describe, inject } from 'vitest';
import { accessControlPlane, type ControlPlaneAccess } from './access.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import type { BundledProgram } from './global-setup.ts';

const provided = inject('controlPlane');

/** `describe`, skipped where no control plane can be had. */
export const describeWithCluster = describe.skipIf(provided.kind === 'absent');

/** The one that all test files share; each makes a namespace of its own. */
export function sharedControlPlane(): ControlPlaneAccess {
  return accessControlPlane(provided.kind === 'absent' ? nowhere : provided.info);
}

/** A `describe` that is skipped still runs its body, to collect what it skips; no test of it comes to use this. */
const nowhere = { url: 'https://127.0.0.1:0', token: '', directory: '', kubectl: '', kubeconfigPath: '' };

/** The program as it is released. */
export function bundledProgram(): BundledProgram {
  if (provided.kind === 'absent') throw new Error(provided.remedy);
  return provided.bundle;
}

/** One for this test file alone, for tests that kill it. */
export async function ownControlPlane(apiServerFlags: readonly string[] = []): Promise<ControlPlane> {
  if (provided.kind === 'absent') throw new Error(provided.remedy);
  const { binaries } = provided;
  const controlPlane = await startControlPlane({ binaries, apiServerFlags });
  await controlPlane.applyCrds();
  return controlPlane;
}
