// The operator's settings from the flags of `run`.
import type { OperatorSettings } from '../relays/operator-settings.ts';
import { parseCidr } from '../smtp/address-rule.ts';
import { createTokenSource, type TokenSource } from '../smtp/oauth/token-source.ts';
import { hostFqdn } from './host-fqdn.ts';
import { UnusableArgument } from './io.ts';
import type { RunFlags } from './run-command.ts';

export async function settingsOf(flags: RunFlags, deniedByDefault: readonly string[]): Promise<OperatorSettings> {
  return {
    concurrentProbes: flags.concurrentProbes,
    // Files cost nothing: without a cluster every probe is written, so that its time is true.
    statusHeartbeat: flags.statusHeartbeat ?? (flags.directory === undefined ? 15 * 60_000 : 0),
    ehloName: flags.ehloName,
    hostName: await hostFqdn(),
    deniedCidrs: [...(flags.allowLocalAddresses ? [] : deniedByDefault), ...(flags.deniedCidrs ?? []).map(cidr)],
    allowedRelayHosts: flags.allowedRelayHosts ?? [],
    allowedTokenHosts: flags.allowedTokenHosts ?? [],
  };
}

/** Tokens are fetched under the same rules as relays are connected to. */
export function tokenSourceFor({ allowedTokenHosts, deniedCidrs }: OperatorSettings): TokenSource {
  return createTokenSource({ allowedHosts: allowedTokenHosts, addressRule: { deniedCidrs } });
}

function cidr(text: string): string {
  if (parseCidr(text)) return text;
  throw new UnusableArgument(`--denied-cidrs: ${text} is no address block such as 10.0.0.0/8 or fd00::/8`);
}
