// What is looked at without a cluster, causes before their consequences.
import { declaredCheck } from './declared-check.ts';
import type { DirectoryWorld } from './directory-world.ts';
import { dnsCheck } from './dns-check.ts';
import type { Check } from './finding.ts';
import { keptChecks } from './kept-check.ts';
import { manifestsCheck } from './manifests-check.ts';
import { stateChecks } from './state-checks.ts';
import { webhookCheck } from './webhook-check.ts';

export const directoryChecks: readonly Check<DirectoryWorld>[] = [
  manifestsCheck,
  declaredCheck,
  ...stateChecks,
  ...keptChecks,
  dnsCheck,
  webhookCheck,
];
