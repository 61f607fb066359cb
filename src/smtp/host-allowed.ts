// The hosts that an administrator allows (--allowed-relay-hosts, --allowed-token-hosts).

/** Whether a host is one of the patterns: exact, or below `*.domain`. No pattern allows every host. */
export function hostAllowed(host: string, patterns: readonly string[] = []): boolean {
  if (patterns.length === 0) return true;
  const name = host.toLowerCase().replace(/\.$/, '');
  return patterns.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
  });
}
