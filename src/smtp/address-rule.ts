// Which addresses the operator may connect to (--denied-cidrs). Asked about the very address that is connected to.
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

export interface AddressRule {
  /** CIDR blocks that are never connected to. */
  readonly deniedCidrs: readonly string[];
}

/** In a cluster: loopback, link-local, unspecified and the clouds' metadata services, so that a tenant's relay reaches neither the operator's own pod nor what its node knows. */
export const clusterDeniedCidrs: readonly string[] = [
  '127.0.0.0/8',
  '::1/128',
  '169.254.0.0/16',
  'fe80::/10',
  '0.0.0.0/8',
  '::/128',
  'fd00:ec2::/32',
];

/** The block that denies this address, or undefined where it is allowed. What is no address is denied. */
export function deniedBy(address: string, { deniedCidrs }: AddressRule): string | undefined {
  if (isIP(address) === 0) return 'no IP address';
  const faces = [address.replace(/%.*$/, ''), ...embeddedIPv4(address)];
  return deniedCidrs.find((cidr) => faces.some((face) => inBlock(face, cidr)));
}

function inBlock(address: string, cidr: string): boolean {
  const block = parseCidr(cidr);
  if (!block) return true; // a rule that cannot be read must not let anything through
  if (isIPv4(address) !== (block.family === 'ipv4')) return false;
  const list = new BlockList();
  list.addSubnet(block.network, block.prefix, block.family);
  return list.check(address, block.family);
}

interface Block {
  readonly network: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** `192.0.2.0/24`, `2001:db8::/32`, or an address alone. */
export function parseCidr(text: string): Block | undefined {
  const [network = '', length, ...rest] = text.split('/');
  const version = isIP(network);
  if (version === 0 || rest.length > 0 || network.includes('%')) return undefined;
  const longest = version === 4 ? 32 : 128;
  if (length !== undefined && !/^\d{1,3}$/.test(length)) return undefined;
  const prefix = length === undefined ? longest : Number(length);
  if (prefix > longest) return undefined;
  return { network, prefix, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/** The IPv4 address that an IPv6 one stands for: mapped and compatible (RFC 4291 section 2.5.5), NAT64 (RFC 6052). */
function embeddedIPv4(address: string): string[] {
  if (!isIPv6(address)) return [];
  const groups = ipv6Groups(address.replace(/%.*$/, ''));
  const [high = 0, low = 0] = groups.slice(6);
  const prefix = groups
    .slice(0, 6)
    .map((group) => group.toString(16))
    .join(':');
  const carriers = ['0:0:0:0:0:ffff', '0:0:0:0:0:0', '64:ff9b:0:0:0:0'];
  if (!carriers.includes(prefix) || (prefix === '0:0:0:0:0:0' && high === 0)) return [];
  return [[high >> 8, high & 255, low >> 8, low & 255].join('.')];
}

function ipv6Groups(address: string): number[] {
  const [before = '', after] = withoutDottedEnd(address).split('::');
  const parse = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const head = parse(before);
  const tail = after === undefined ? [] : parse(after);
  return [...head, ...new Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0), ...tail];
}

function withoutDottedEnd(address: string): string {
  const end = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (!end) return address;
  const [a = 0, b = 0, c = 0, d = 0] = end.slice(1).map(Number);
  return `${address.slice(0, end.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}
