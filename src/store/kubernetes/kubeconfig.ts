// A connection as a kubeconfig describes it. Tokens, client certificates, exec plugins, OIDC and proxies are the
// Kubernetes client's business; it is loaded only here, because it takes 0.4 s and 85 MB.

import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { errorText } from '../../api/error-text.ts';
import type { ApiCredentials, ApiTls, ConnectionResult } from './api-connection.ts';

export interface KubeconfigChoice {
  /** A file; absent: $KUBECONFIG (one or several), else ~/.kube/config. */
  readonly path?: string | undefined;
  /** Absent: the current one. */
  readonly context?: string | undefined;
}

export async function connectByKubeconfig({ path, context }: KubeconfigChoice): Promise<ConnectionResult> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(path);
  } catch (error) {
    return unusable(`the kubeconfig ${path ?? ''} cannot be read: ${text(error)}`);
  }
  if (context !== undefined) config.setCurrentContext(context);
  return fromConfig(config);
}

function fromConfig(config: KubeConfig): ConnectionResult {
  const name = config.getCurrentContext();
  const context = config.getContextObject(name);
  if (!context) {
    const names = config.getContexts().map((known) => known.name);
    return unusable(`the kubeconfig has no context "${name}"; it has ${names.join(', ') || 'none'}`);
  }
  const cluster = config.getCurrentCluster();
  if (!cluster)
    return unusable(`the kubeconfig's context "${name}" names cluster "${context.cluster}", which is not in it`);
  if (!URL.canParse(cluster.server)) return unusable(`"${cluster.server}" of cluster "${context.cluster}" is no URL`);
  const proxied = cluster.proxyUrl !== undefined;
  return {
    kind: 'usable',
    connection: {
      server: new URL(cluster.server),
      namespace: context.namespace ?? 'default',
      credentials: () => credentials(config, proxied),
    },
  };
}

/** Its agent is used for a proxy only: it keeps the first client certificate for good, also when a plugin renews it. */
async function credentials(config: KubeConfig, proxied: boolean): Promise<ApiCredentials> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value);
  if (options.auth) headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return { headers, tls: tlsOf(options), ...(proxied && options.agent ? { agent: options.agent as Agent } : {}) };
}

function tlsOf({ ca, cert, key, passphrase, rejectUnauthorized, servername }: RequestOptions): ApiTls {
  const given = { ca, cert, key, passphrase, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function unusable(message: string): ConnectionResult {
  return { kind: 'unusable', message };
}

function text(error: unknown): string {
  return errorText(error);
}
