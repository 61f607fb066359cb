// The operator's settings from the flags of `run`.
import { isIP } from 'node:net';
import type { OperatorSettings } from '../relays/operator-settings.ts';
import { hostFqdn } from './host-fqdn.ts';
import { UnusableArgument } from './io.ts';
import type { RunFlags } from './run-command.ts';

export async function settingsOf(flags: RunFlags, deniedByDefault: readonly string[]): Promise<OperatorSettings> {
  return {
    concurrentProbes: flags.concurrentProbes,
    statusHeartbeat: flags.statusHeartbeat,
    ehloName: flags.ehloName,
    hostName: await hostFqdn(),
    deniedCidrs: (flags.deniedCidrs ?? deniedByDefault).map(cidr),
    allowedRelayHosts: flags.allowedRelayHosts ?? [],
    allowedTokenHosts: flags.allowedTokenHosts ?? [],
  };
}

function cidr(text: string): string {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  const prefix = Number(bits);
  if (family === 0 || !/^[0-9]+$/.test(bits ?? '') || prefix > (family === 4 ? 32 : 128)) {
    throw new UnusableArgument(`--denied-cidrs: ${text} is no address block such as 10.0.0.0/8 or fd00::/8`);
  }
  return text;
}
