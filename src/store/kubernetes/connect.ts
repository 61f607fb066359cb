// Which cluster: --kubeconfig or --context, else $KUBECONFIG, else the pod's own, else ~/.kube/config; the order of
// controller-runtime.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import type { ConnectionResult } from './api-connection.ts';
import { connectInCluster, serviceAccountDirectory } from './in-cluster.ts';
import { connectByKubeconfig } from './kubeconfig.ts';

export interface ClusterChoice {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

export async function connectToCluster({ kubeconfig, context, environment }: ClusterChoice): Promise<ConnectionResult> {
  if (kubeconfig !== undefined || context !== undefined || environment.KUBECONFIG) {
    return connectByKubeconfig({ path: kubeconfig, context });
  }
  if (environment.KUBERNETES_SERVICE_HOST) {
    return connectInCluster({ environment, serviceAccountDirectory, clock: systemClock });
  }
  if (existsSync(join(environment.HOME ?? '', '.kube', 'config'))) return connectByKubeconfig({});
  return {
    kind: 'unusable',
    message: 'no cluster to connect to: give --kubeconfig FILE, set KUBECONFIG, or run in a pod',
  };
}
