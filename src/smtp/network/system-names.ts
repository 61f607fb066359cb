// What the system itself knows about names: /etc/hosts, and from /etc/resolv.conf the search list (resolv.conf(5)).
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** Addresses that the hosts file, or for localhost RFC 6761, gives to this name. */
export async function addressesFromHosts(name: string, file = '/etc/hosts'): Promise<string[]> {
  const found = parseHosts(await textOf(file), name);
  if (found.length === 0 && (name === 'localhost' || name.endsWith('.localhost'))) return ['127.0.0.1', '::1'];
  return found;
}

export function parseHosts(text: string, name: string): string[] {
  const addresses = new Set<string>();
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (isIP(address) !== 0 && names.some((one) => one.toLowerCase() === name)) addresses.add(address);
  }
  return [...addresses];
}

/** The names to ask for, in order, as the system's resolver would: what has enough dots first as it is. */
export async function candidateNames(name: string, file = '/etc/resolv.conf'): Promise<string[]> {
  return expandSearch(name, await textOf(file));
}

export function expandSearch(name: string, resolvConf: string): string[] {
  const { search, ndots } = parseResolvConf(resolvConf);
  const searched = search.map((domain) => `${name}.${domain}`).filter((full) => full.length <= 253);
  const dots = name.split('.').length - 1;
  return [...new Set(dots >= ndots ? [name, ...searched] : [...searched, name])];
}

function parseResolvConf(text: string): { search: string[]; ndots: number } {
  let search: string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === 'search' || keyword === 'domain')
      search = values.map((value) => value.replace(/\.$/, '')).filter(Boolean);
    const option = keyword === 'options' ? values.find((value) => /^ndots:\d+$/.test(value)) : undefined;
    if (option) ndots = Math.min(15, Number(option.slice('ndots:'.length)));
  }
  return { search, ndots };
}

/** A system without such a file has nothing to say here. */
async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}
