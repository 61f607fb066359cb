// This host's fully qualified name, for EHLO: the host name where it has a dot, else the name that the hosts file
// gives for it, as `hostname --fqdn` does.
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

export async function hostFqdn(hostsFile = '/etc/hosts'): Promise<string> {
  const name = hostname();
  if (name.includes('.')) return name;
  const hosts = await readFile(hostsFile, 'utf8').catch(() => '');
  return fqdnIn(hosts, name) ?? name;
}

/** The first name with a dot on the line of the hosts file (hosts(5)) that names this host. */
export function fqdnIn(hosts: string, name: string): string | undefined {
  for (const line of hosts.split('\n')) {
    const [, ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (names.includes(name)) return names.find((candidate) => candidate.startsWith(`${name}.`));
  }
  return undefined;
}
