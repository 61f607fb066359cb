// A client for the cluster that the flags name; unusable flags end the command.
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { openClient } from '../store/kubernetes/open-client.ts';
import type { SeenRequest } from '../store/kubernetes/seen-request.ts';
import type { ClusterFlags } from './cluster-flags.ts';
import { type Io, UnusableArgument } from './io.ts';

export interface ClusterDeps {
  readonly qps: number;
  readonly io: Io;
  /** Whether the command does without a cluster, too. */
  readonly takesDirectory?: boolean;
  readonly seen?: (request: SeenRequest) => void;
}

const withoutCluster = '; without a cluster, name the directory of the manifests: --directory DIR';

export async function openCluster(
  { kubeconfig, context }: ClusterFlags,
  { qps, io, takesDirectory = false, seen }: ClusterDeps,
): Promise<ApiClient> {
  const opened = await openClient({ kubeconfig, context, environment: io.env, qps, seen });
  if (opened.kind === 'unusable') {
    throw new UnusableArgument(takesDirectory ? `${opened.message}${withoutCluster}` : opened.message);
  }
  return opened.client;
}
