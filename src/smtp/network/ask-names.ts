// Asks DNS for one name after the other until one has addresses. A name that the resolver has trouble with does not end
// the search, as with glibc: on Kubernetes (ndots:5) every host is asked for in the search domains first, and one of
// those that cannot be answered must not hide the others.
import type { Resolver } from 'node:dns/promises';

export interface NameReply {
  readonly name: string;
  readonly addresses: readonly string[];
  /** For A and AAAA, what was answered where it was no address. */
  readonly codes: readonly string[];
}

/** What was answered for each name that was asked for; the last one has the addresses, if any has. */
export async function askNames(
  resolver: Resolver,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly NameReply[]> {
  const replies: NameReply[] = [];
  for (const name of names) {
    const reply = await askName(resolver, name, signal);
    replies.push(reply);
    if (reply.addresses.length > 0 || signal.aborted) break;
  }
  return replies;
}

/** What the resolver had trouble with: neither "no such name" nor "no such record". */
export function troubleOf({ codes }: NameReply): string | undefined {
  return codes.find((code) => code !== 'ENOTFOUND' && code !== 'ENODATA');
}

/** A family that keeps silent after the other has answered is not waited for (RFC 8305 section 3). */
const patienceForTheOther = 1_000;

async function askName(resolver: Resolver, name: string, signal: AbortSignal): Promise<NameReply> {
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  const ipv6 = answerOf(resolver.resolve6(name));
  const ipv4 = answerOf(resolver.resolve4(name));
  if (signal.aborted) cancel();
  const first = await Promise.race([ipv6, ipv4]);
  const impatience = first.addresses.length > 0 ? setTimeout(cancel, patienceForTheOther) : undefined;
  const both = await Promise.all([ipv6, ipv4]);
  clearTimeout(impatience);
  signal.removeEventListener('abort', cancel);
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
