// What is looked at in a cluster, causes before their consequences.
import type { ClusterWorld } from './cluster-world.ts';
import { declaredCheck } from './declared-check.ts';
import { definitionsCheck } from './definitions-check.ts';
import { dnsCheck } from './dns-check.ts';
import type { Check } from './finding.ts';
import { keptChecks } from './kept-check.ts';
import { keyCheck } from './key-check.ts';
import { leaseCheck } from './lease-check.ts';
import { rightsCheck } from './rights-check.ts';
import { clockCheck, serverCheck } from './server-check.ts';
import { webhookCheck } from './webhook-check.ts';

export const clusterChecks: readonly Check<ClusterWorld>[] = [
  serverCheck,
  clockCheck,
  definitionsCheck,
  declaredCheck,
  rightsCheck,
  leaseCheck,
  keyCheck,
  ...keptChecks,
  dnsCheck,
  webhookCheck,
];
