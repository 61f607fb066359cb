// Which addresses and hosts the operator may connect to (--denied-cidrs, --allowed-relay-hosts).

export interface AddressRule {
  /** CIDR blocks that are never connected to. */
  readonly deniedCidrs: readonly string[];
}

/** In a cluster: loopback, link-local and unspecified, so that a tenant's relay cannot reach the operator's own pod or node metadata. */
export const clusterDeniedCidrs: readonly string[] = [
  '127.0.0.0/8',
  '::1/128',
  '169.254.0.0/16',
  'fe80::/10',
  '0.0.0.0/8',
  '::/128',
];
