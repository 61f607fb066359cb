// The connection that every pod is given. Not taken from the Kubernetes client, whose configuration module alone costs
// 85 MB for the ways to log in that a pod does not use.

import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { errorText } from '../../api/error-text.ts';
import type { Clock } from '../clock.ts';
import type { ConnectionResult } from './api-connection.ts';

export interface InClusterPlace {
  readonly environment: NodeJS.ProcessEnv;
  readonly serviceAccountDirectory: string;
  readonly clock: Clock;
}

export const serviceAccountDirectory = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The kubelet renews the token long before it ends; as client-go does, it is read again once a minute. */
const tokenMaxAgeMs = 60_000;

export function connectInCluster(place: InClusterPlace): ConnectionResult {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = place.environment;
  if (!host || !port) return unusable('KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set');
  const file = (name: string) => join(place.serviceAccountDirectory, name);
  try {
    const ca = readFileSync(file('ca.crt'), 'utf8');
    const namespace = readFileSync(file('namespace'), 'utf8').trim();
    const token = freshToken(file('token'), place.clock);
    return {
      kind: 'usable',
      connection: {
        server: new URL(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
        namespace,
        credentials: async () => ({ headers: { authorization: `Bearer ${await token()}` }, tls: { ca } }),
      },
    };
  } catch (error) {
    return unusable(errorText(error));
  }
}

function freshToken(path: string, clock: Clock): () => Promise<string> {
  let token = '';
  let readAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (clock.monotonic() - readAt > tokenMaxAgeMs) {
      token = (await readFile(path, 'utf8')).trim();
      readAt = clock.monotonic();
    }
    return token;
  };
}

function unusable(cause: string): ConnectionResult {
  return { kind: 'unusable', message: `this does not run in a pod with a service account: ${cause}` };
}
