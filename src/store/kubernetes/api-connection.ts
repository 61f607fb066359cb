// How to reach the API server, and whom we are to it.
import type { Agent } from 'node:http';
import type { SecureContextOptions } from 'node:tls';

export interface ApiConnection {
  readonly server: URL;
  /** The pod's own or the kubeconfig context's. */
  readonly namespace: string;
  /** What the next request carries. Asked before each, so that a renewed token is used; rejects when there is none to be had. */
  credentials(): Promise<ApiCredentials>;
}

export interface ApiCredentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: ApiTls;
  /** A proxy's; absent: straight. */
  readonly agent?: Agent;
}

export interface ApiTls extends Pick<SecureContextOptions, 'ca' | 'cert' | 'key' | 'passphrase'> {
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}

export type ConnectionResult =
  | { readonly kind: 'usable'; readonly connection: ApiConnection }
  | { readonly kind: 'unusable'; readonly message: string };
