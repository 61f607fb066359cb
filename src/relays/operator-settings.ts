// What an administrator sets for the whole operator, as far as relays are concerned.

export interface OperatorSettings {
  /** Probes that may run at a time. */
  readonly concurrentProbes: number;
  /** Milliseconds after which an otherwise unchanged status is written again (--status-heartbeat). */
  readonly statusHeartbeat: number;
  /** Candidates for EHLO where the spec names none: --ehlo-name, then this host's fully qualified name. */
  readonly ehloName: string | undefined;
  readonly hostName: string | undefined;
  /** CIDR blocks never connected to (--denied-cidrs). */
  readonly deniedCidrs: readonly string[];
  /** Hosts that spec.host may name, exact or `*.domain`; empty allows all (--allowed-relay-hosts). */
  readonly allowedRelayHosts: readonly string[];
  /** Hosts that tokenUrl may name, likewise (--allowed-token-hosts). */
  readonly allowedTokenHosts: readonly string[];
}
