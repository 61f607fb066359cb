// Stage Resolve: from the host to the addresses that may be connected to.
import { type Conversation, failure } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { endpoint } from '../network/host-name.ts';
import { resolveHost } from '../network/resolve.ts';
import { usableAddresses } from '../network/usable-addresses.ts';

export async function resolve(conversation: Conversation): Promise<Failure | undefined> {
  const { target, deps } = conversation;
  const { host, port, connectionTimeout: timeout } = target;
  const resolution = await resolveHost(host, { timeout, signal: deps.signal, dnsServers: deps.dnsServers });
  if (resolution.kind === 'failed') return failure('Resolve', resolution.reason, resolution.what, resolution.remedy);
  const rule = target.addressRule;
  const { addresses, denied, fault } = usableAddresses(resolution.addresses, {
    host,
    family: target.addressFamily,
    rule,
  });
  conversation.usable = addresses;
  conversation.addresses = denied.map(({ address }) => ({
    address: endpoint(address, port),
    reason: 'AddressNotAllowed',
  }));
  return fault && failure('Resolve', fault.reason, fault.what, fault.remedy);
}
