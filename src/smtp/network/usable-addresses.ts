// Which resolved addresses may be connected to, and in which order: families take turns, IPv6 first (RFC 8305 section 4).
import { isIPv4, isIPv6 } from 'node:net';
import type { Reason } from '../../api/reasons.ts';
import { type AddressRule, deniedBy } from '../address-rule.ts';

export interface Usable {
  readonly addresses: readonly string[];
  readonly denied: readonly { readonly address: string; readonly cidr: string }[];
  /** Where no address is left, why. */
  readonly fault:
    | {
        readonly reason: Extract<Reason, 'NoUsableAddress' | 'AddressNotAllowed'>;
        readonly what: string;
        readonly remedy?: string;
      }
    | undefined;
}

interface Wish {
  readonly host: string;
  readonly family: 'Any' | 'IPv4' | 'IPv6';
  readonly rule: AddressRule;
}

export function usableAddresses(resolved: readonly string[], { host, family, rule }: Wish): Usable {
  const unique = [...new Set(resolved)];
  const ofFamily = unique.filter((address) => family === 'Any' || (family === 'IPv4') === isIPv4(address));
  if (ofFamily.length === 0) {
    const what = `"${host}" has no ${family} address, only ${inWords(unique)}.`;
    const remedy = `Set spec.addressFamily to Any, or add an ${family === 'IPv4' ? 'A' : 'AAAA'} record.`;
    return { addresses: [], denied: [], fault: { reason: 'NoUsableAddress', what, remedy } };
  }
  const denied = ofFamily.flatMap((address) => {
    const cidr = deniedBy(address, rule);
    return cidr === undefined ? [] : [{ address, cidr }];
  });
  const allowed = ofFamily.filter((address) => denied.every((one) => one.address !== address));
  return { addresses: alternate(allowed), denied, fault: allowed.length > 0 ? undefined : allDenied(host, denied) };
}

function allDenied(host: string, denied: Usable['denied']): NonNullable<Usable['fault']> {
  const list = denied.slice(0, 4).map(({ address, cidr }) => `${address} (denied by ${cidr})`);
  return { reason: 'AddressNotAllowed', what: `"${host}" leads to ${list.join(', ')}.` };
}

function alternate(addresses: readonly string[]): string[] {
  const ipv6 = addresses.filter((address) => isIPv6(address));
  const ipv4 = addresses.filter((address) => isIPv4(address));
  const turns = Math.max(ipv6.length, ipv4.length);
  return Array.from({ length: turns }, (_, turn) => [ipv6[turn], ipv4[turn]])
    .flat()
    .filter((address) => address !== undefined);
}

function inWords(addresses: readonly string[]): string {
  return addresses.length === 0 ? 'none at all' : addresses.slice(0, 4).join(', ');
}
