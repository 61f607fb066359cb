// All addresses of a host: an IP literal as it is, else the hosts file, else A and AAAA from DNS. Asks DNS itself rather
// than getaddrinfo, whose few threads a dead resolver would block for every relay, and which hides the answer.
import { lookup, Resolver } from 'node:dns/promises';
import type { Reason } from '../../api/reasons.ts';
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
  const resolver = new Resolver({ timeout: Math.max(250, Math.floor(options.timeout / 4)), tries: 2 });
  if (options.dnsServers) resolver.setServers(options.dnsServers);
  const names = absolute || options.dnsServers ? [name] : await candidateNames(name);
  const cancel = () => resolver.cancel();
  const timer = setTimeout(cancel, options.timeout);
  options.signal.addEventListener('abort', cancel, { once: true });
  if (options.signal.aborted) cancel();
  try {
    const replies: NameReply[] = [];
    for (const candidate of names) {
      const reply = await askName(resolver, candidate);
      if (reply.addresses.length > 0) return { kind: 'addresses', addresses: reply.addresses };
      replies.push(reply);
      if (reply.codes.some(isTrouble) || options.signal.aborted) break;
    }
    const elsewhere = options.dnsServers ? [] : await askSystem(name, replies);
    if (elsewhere.length > 0) return { kind: 'addresses', addresses: elsewhere };
    return unanswered(name, { replies, servers: resolver.getServers() });
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', cancel);
  }
}

interface NameReply {
  readonly name: string;
  readonly addresses: readonly string[];
  /** For A and AAAA, what was answered where it was no address. */
  readonly codes: readonly string[];
}

/** A family that keeps silent after the other has answered is not waited for (RFC 8305 section 3). */
const patienceForTheOther = 1_000;

async function askName(resolver: Resolver, name: string): Promise<NameReply> {
  const ipv6 = answerOf(resolver.resolve6(name));
  const ipv4 = answerOf(resolver.resolve4(name));
  const first = await Promise.race([ipv6, ipv4]);
  const impatience = first.addresses.length > 0 ? setTimeout(() => resolver.cancel(), patienceForTheOther) : undefined;
  const both = await Promise.all([ipv6, ipv4]);
  clearTimeout(impatience);
  return {
    name,
    addresses: both.flatMap(({ addresses }) => addresses),
    codes: both.flatMap(({ code }) => (code === undefined ? [] : [code])),
  };
}

interface FamilyAnswer {
  readonly addresses: readonly string[];
  readonly code: string | undefined;
}

async function answerOf(question: Promise<string[]>): Promise<FamilyAnswer> {
  return await question.then(
    (addresses) => ({ addresses, code: undefined }),
    (error: NodeJS.ErrnoException) => ({ addresses: [], code: error.code ?? 'EUNKNOWN' }),
  );
}

/** Neither "no such name" nor "no such record": the resolver itself has a problem. */
function isTrouble(code: string): boolean {
  return code !== 'ENOTFOUND' && code !== 'ENODATA';
}

/** Names that only the system knows (NSS modules, mDNS), once DNS has said that it has none. */
async function askSystem(name: string, replies: readonly NameReply[]): Promise<string[]> {
  if (replies.some(({ codes }) => codes.some(isTrouble))) return [];
  const found = await lookup(name, { all: true, order: 'verbatim' }).catch(() => []);
  return [...new Set(found.map(({ address }) => address))];
}

interface Unanswered {
  readonly replies: readonly NameReply[];
  readonly servers: readonly string[];
}

function unanswered(name: string, { replies, servers }: Unanswered): Resolution {
  const asked = servers.length === 0 ? 'No resolver is configured' : `The resolver ${servers.slice(0, 3).join(', ')}`;
  const trouble = replies.flatMap(({ codes }) => codes.filter(isTrouble))[0];
  if (trouble) {
    const what = `${asked} ${troubleWords(trouble)} when asked for the addresses of "${name}" (A and AAAA).`;
    return { kind: 'failed', reason: 'ResolverUnavailable', what, remedy: undefined };
  }
  const exists = replies.find(({ codes }) => codes.includes('ENODATA'));
  if (exists) {
    const what = `${asked} answered that "${exists.name}" exists but has neither an A nor an AAAA record (NODATA).`;
    const remedy = `Add an A or AAAA record for "${exists.name}", or correct spec.host.`;
    return { kind: 'failed', reason: 'NoUsableAddress', what, remedy };
  }
  const tried =
    replies.length > 1
      ? ` (tried: ${replies
          .map((reply) => `"${reply.name}"`)
          .slice(0, 6)
          .join(', ')})`
      : '';
  const what = `${asked} answered that "${name}" does not exist (NXDOMAIN)${tried}.`;
  return { kind: 'failed', reason: 'HostNotFound', what, remedy: undefined };
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
