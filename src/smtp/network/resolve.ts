// All addresses of a host: an IP literal as it is, else the hosts file, else A and AAAA from DNS. Asks DNS itself rather
// than getaddrinfo, whose few threads a dead resolver would block for every relay, and which hides the answer.
import { lookup, Resolver } from 'node:dns/promises';
import type { Reason } from '../../api/reasons.ts';
import { askNames, type NameReply, troubleOf } from './ask-names.ts';
import { type Host, parseHost } from './host-name.ts';
import { addressesFromHosts, candidateNames } from './system-names.ts';

export type Resolution =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | {
      readonly kind: 'failed';
      readonly reason: Extract<Reason, 'HostNotFound' | 'ResolverUnavailable' | 'NoUsableAddress'>;
      readonly what: string;
      readonly remedy: string | undefined;
    };

export interface ResolveOptions {
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** DNS servers, `address` or `address:port`; absent: the system's. */
  readonly dnsServers: readonly string[] | undefined;
  /** The names to ask for, in order; absent: as resolv.conf says, or with `dnsServers` the name alone. */
  readonly searchNames?: (name: string) => Promise<readonly string[]>;
}

export async function resolveHost(host: string, options: ResolveOptions): Promise<Resolution> {
  const parsed = parseHost(host);
  if (parsed.kind === 'address') return { kind: 'addresses', addresses: [parsed.address] };
  if (parsed.kind === 'invalid') return invalid(parsed);
  const known = await addressesFromHosts(parsed.name);
  if (known.length > 0) return { kind: 'addresses', addresses: known };
  return await askDns({ name: parsed.name, absolute: host.endsWith('.') }, options);
}

function invalid({ what }: Extract<Host, { kind: 'invalid' }>): Resolution {
  const remedy = 'Set spec.host to a DNS name or an IP address, without scheme, port or path.';
  return { kind: 'failed', reason: 'HostNotFound', what: `${what}.`, remedy };
}

interface Question {
  readonly name: string;
  /** Written with a dot at its end: the search list does not apply. */
  readonly absolute: boolean;
}

async function askDns({ name, absolute }: Question, options: ResolveOptions): Promise<Resolution> {
  const { timeout, signal, dnsServers, searchNames = dnsServers ? nameAlone : candidateNames } = options;
  const names = absolute ? [name] : await searchNames(name);
  // Two tries, the second twice as long; so that silence about one name leaves time for the others.
  const resolver = new Resolver({ timeout: Math.max(250, Math.floor(timeout / 4 / names.length)), tries: 2 });
  if (dnsServers) resolver.setServers(dnsServers);
  const deadline = new AbortController();
  const stop = () => deadline.abort();
  const timer = setTimeout(stop, timeout);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const replies = await askNames(resolver, names, deadline.signal);
    const addresses = replies.flatMap((reply) => reply.addresses);
    if (addresses.length > 0) return { kind: 'addresses', addresses };
    const elsewhere = dnsServers ? [] : await askSystem(name, replies);
    if (elsewhere.length > 0) return { kind: 'addresses', addresses: elsewhere };
    return unanswered(name, { replies, servers: resolver.getServers() });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function nameAlone(name: string): Promise<readonly string[]> {
  return [name];
}

/** Names that only the system knows (NSS modules, mDNS), once DNS has said that it has none. */
async function askSystem(name: string, replies: readonly NameReply[]): Promise<string[]> {
  if (replies.some(troubleOf)) return [];
  const found = await lookup(name, { all: true, order: 'verbatim' }).catch(() => []);
  return [...new Set(found.map(({ address }) => address))];
}

interface Unanswered {
  readonly replies: readonly NameReply[];
  readonly servers: readonly string[];
}

/** What is said of the name as it was written counts most, whatever the search domains answer. */
function unanswered(name: string, { replies, servers }: Unanswered): Resolution {
  const asked = servers.length === 0 ? 'No resolver is configured' : `The resolver ${servers.slice(0, 3).join(', ')}`;
  const exists = replies.find(({ codes }) => codes.includes('ENODATA'));
  const itself = replies.find((reply) => reply.name === name);
  const troubled = itself && !troubleOf(itself) ? undefined : replies.findLast(troubleOf);
  const trouble = troubled && troubleOf(troubled);
  if (trouble && !exists) {
    const what = `${asked} ${troubleWords(trouble)} when asked for the addresses of "${troubled.name}" (A and AAAA).`;
    return { kind: 'failed', reason: 'ResolverUnavailable', what, remedy: undefined };
  }
  if (exists) {
    const what = `${asked} answered that "${exists.name}" exists but has neither an A nor an AAAA record (NODATA).`;
    const remedy = `Add an A or AAAA record for "${exists.name}", or correct spec.host.`;
    return { kind: 'failed', reason: 'NoUsableAddress', what, remedy };
  }
  const what = `${asked} answered that "${name}" does not exist (NXDOMAIN)${triedWords(replies)}.`;
  return { kind: 'failed', reason: 'HostNotFound', what, remedy: undefined };
}

function triedWords(replies: readonly NameReply[]): string {
  if (replies.length < 2) return '';
  const names = replies.slice(0, 6).map((reply) => {
    const trouble = troubleOf(reply);
    return `"${reply.name}"${trouble ? `, for which it ${troubleWords(trouble)}` : ''}`;
  });
  return ` (tried: ${names.join('; ')})`;
}

function troubleWords(code: string): string {
  const words: Readonly<Record<string, string>> = {
    ETIMEOUT: 'did not answer in time',
    ECANCELLED: 'did not answer in time',
    ESERVFAIL: 'answered SERVFAIL',
    EREFUSED: 'answered REFUSED',
    ECONNREFUSED: 'could not be reached (connection refused)',
    ENOTIMP: 'answered NOTIMP',
    EFORMERR: 'answered FORMERR',
    EBADRESP: 'sent an answer that cannot be read',
  };
  return words[code] ?? `failed (${code})`;
}
