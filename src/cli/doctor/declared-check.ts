// What is declared: how much of it, or why it cannot be seen.
import type { NamingWorld } from './dns-check.ts';
import { type Check, type Finding, fine, wrong } from './finding.ts';

export const declaredCheck: Check<Pick<NamingWorld, 'declared'>> = { name: 'relays and policies', look };

async function look({ declared }: Pick<NamingWorld, 'declared'>, signal: AbortSignal): Promise<readonly Finding[]> {
  const read = await declared(signal);
  if (read.kind === 'failed') {
    const remedy = 'What they ask for (hosts, rights, the webhook) is not looked at without them.';
    return [wrong(`They cannot be listed: ${read.message}.`, remedy)];
  }
  return [fine(`${read.facts.relays} relays and ${read.facts.policies} policies are declared.`)];
}
