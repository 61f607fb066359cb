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

/** Whether a host is one of the patterns: exact, or below `*.domain`. No pattern allows every host. */
export function hostAllowed(host: string, patterns: readonly string[]): boolean {
  if (patterns.length === 0) return true;
  const name = host.toLowerCase().replace(/\.$/, '');
  return patterns.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
  });
}
