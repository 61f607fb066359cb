// Where health and metrics are served, from the flags of `run`.
import type { ClusterFlags } from './cluster-flags.ts';
import { type ListenAddress, listenAddress } from './webhook-flags.ts';

export interface HealthFlags extends ClusterFlags {
  readonly directory?: string;
  readonly httpListen?: ListenAddress | 'none';
}

const inPod = ':8080';

export function httpListen(text: string): ListenAddress | 'none' {
  return text === 'none' ? text : listenAddress(text);
}

/** Undefined: nowhere. A pod has an address of its own, and its kubelet asks there; elsewhere a port may be another's. */
export function httpListenOf(flags: HealthFlags, env: NodeJS.ProcessEnv): ListenAddress | undefined {
  const { httpListen: given, directory, kubeconfig, context } = flags;
  if (given !== undefined) return given === 'none' ? undefined : given;
  const named = directory ?? kubeconfig ?? context ?? env.KUBECONFIG;
  return named === undefined && env.KUBERNETES_SERVICE_HOST ? listenAddress(inPod) : undefined;
}
