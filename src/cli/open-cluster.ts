// A client for the cluster that the flags name; unusable flags end the command.
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { openClient } from '../store/kubernetes/open-client.ts';
import type { ClusterFlags } from './cluster-flags.ts';
import { type Io, UnusableArgument } from './io.ts';

export async function openCluster(
  { kubeconfig, context }: ClusterFlags,
  { qps, io }: { qps: number; io: Io },
): Promise<ApiClient> {
  const opened = await openClient({ kubeconfig, context, environment: io.env, qps });
  if (opened.kind === 'unusable') throw new UnusableArgument(opened.message);
  return opened.client;
}
