// Does the resolver answer, and does it know the hosts of the relays?

import type { Resolution } from '../../smtp/network/resolve.ts';
import { inBatches } from '../../store/directory/in-batches.ts';
import type { DeclaredFacts } from './declared-facts.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';

export interface NamingWorld {
  readonly declared: (signal: AbortSignal) => Promise<Declared>;
  readonly resolve: (host: string, signal: AbortSignal) => Promise<Resolution>;
}

export type Declared =
  | { readonly kind: 'read'; readonly facts: DeclaredFacts }
  /** A sentence. */
  | { readonly kind: 'failed'; readonly message: string };

export const dnsCheck: Check<NamingWorld> = { name: 'DNS', look };

/** No such name can be (RFC 6761 §6.4): that it does not exist is an answer, and gives nothing away. */
const nobody = 'relaykeeper-doctor.invalid.';
const most = 200;
const atOnce = 8;

async function look({ declared, resolve }: NamingWorld, signal: AbortSignal): Promise<readonly Finding[]> {
  const resolver = judgedResolver(await resolve(nobody, signal));
  const read = await declared(signal);
  if (read.kind === 'failed') return [resolver];
  const hosts = [...read.facts.hosts];
  const asked = hosts.slice(0, most);
  const found = await inBatches(asked, atOnce, ([host]) => resolve(host, signal));
  const unresolved = asked.flatMap(([host, relays], index) => {
    const resolution = found[index];
    return resolution?.kind === 'failed' ? [unresolvedHost(host, { relays, resolution })] : [];
  });
  return [
    resolver,
    ...resolved(asked.length - unresolved.length),
    ...unresolved,
    ...notAsked(hosts.length - asked.length),
  ];
}

function judgedResolver(resolution: Resolution): Finding {
  if (resolution.kind === 'failed' && resolution.reason === 'ResolverUnavailable') {
    return wrong(
      resolution.what,
      'Look at /etc/resolv.conf, and at the network to the servers that it names; in a pod at its dnsPolicy and at the DNS of the cluster.',
    );
  }
  return fine('The resolver answers.');
}

function resolved(count: number): readonly Finding[] {
  return count === 0 ? [] : [fine(`The hosts of relays have addresses (${count}).`)];
}

interface Unresolved {
  readonly relays: readonly string[];
  readonly resolution: Extract<Resolution, { kind: 'failed' }>;
}

function unresolvedHost(host: string, { relays, resolution }: Unresolved): Finding {
  const some = relays.slice(0, 3).join(', ');
  const which = relays.length > 3 ? `${some} and ${relays.length - 3} more` : some;
  const remedy = resolution.remedy ?? `Correct spec.host of the relay, or add "${host}" to DNS.`;
  return wrong(`The host of ${which} cannot be resolved. ${resolution.what}`, remedy);
}

function notAsked(count: number): readonly Finding[] {
  if (count === 0) return [];
  return [doubtful(`${count} more hosts were not asked for.`, 'kubectl get relays -A shows how each relay is.')];
}
