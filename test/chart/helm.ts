// The chart as helm makes it, for tests; skipped where there is no helm, but not in CI.
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe } from 'vitest';
import { findHelm } from '../../scripts/chart/find-helm.ts';
import { type HelmRun, runHelm } from '../../scripts/chart/run-helm.ts';
import { type Manifest, manifestsIn } from './manifest.ts';

export const root = join(import.meta.dirname, '../..');
export const chart = join(root, 'charts', 'relaykeeper');

export type Values = Readonly<Record<string, unknown>>;

export interface Release {
  readonly name?: string;
  readonly namespace?: string;
}

const found = await findHelm(process.env);
if (found.kind === 'missing' && process.env.CI === 'true') throw new Error(found.remedy);
if (found.kind === 'missing') process.stderr.write(`tests with helm are skipped: ${found.remedy}\n`);

export const describeWithHelm = describe.skipIf(found.kind === 'missing');

export function helm(args: readonly string[], input = ''): Promise<HelmRun> {
  if (found.kind === 'missing') throw new Error(found.remedy);
  return runHelm(found.helm, args, input);
}

/** `helm template`, whatever comes of it. */
export function template(values: Values = {}, { name = 'relaykeeper', namespace = 'mail' }: Release = {}) {
  return helm(['template', name, chart, '-n', namespace, '-f', '-'], JSON.stringify(values));
}

/** The objects that the chart makes of these values; fails the test where it refuses them. */
export async function rendered(values: Values = {}, release: Release = {}): Promise<readonly Manifest[]> {
  const { code, stdout, stderr } = await template(values, release);
  if (code !== 0) throw new Error(stderr);
  return manifestsIn(stdout);
}

export function only(manifests: readonly Manifest[], kind: string, suffix = ''): Manifest {
  const [first, ...more] = manifests.filter((each) => each.kind === kind && each.metadata.name.endsWith(suffix));
  if (!first || more.length > 0) throw new Error(`${first ? more.length + 1 : 0} objects of kind ${kind}`);
  return first;
}

export interface Container {
  readonly args: readonly string[];
  readonly image: string;
  readonly [key: string]: unknown;
}

export interface PodSpec {
  readonly containers: readonly [Container, ...Container[]];
  readonly terminationGracePeriodSeconds: number;
  readonly [key: string]: unknown;
}

export function podOf(manifests: readonly Manifest[]): PodSpec {
  const { spec } = only(manifests, 'Deployment') as unknown as { spec: { template: { spec: PodSpec } } };
  return spec.template.spec;
}

/** YAML as a test writes it. */
export function yaml(text: string): Values {
  return load(text) as Values;
}
