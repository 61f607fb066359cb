// A DNS server on loopback (RFC 1035 over UDP) that answers from a table, or with an error, or not at all.
import { createSocket } from 'node:dgram';
import { isIPv4, isIPv6 } from 'node:net';

export interface DnsServer {
  /** `address:port`. */
  readonly address: string;
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** Addresses of both families, or what to answer instead; a name that is not in the table does not exist. */
export type Zone = Readonly<Record<string, readonly string[] | 'SERVFAIL' | 'REFUSED' | 'silence'>>;

const types = { A: 1, AAAA: 28 } as const;
const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;

export function startDnsServer(zone: Zone): Promise<DnsServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = question(query);
    asked.push(`${name} ${type === types.A ? 'A' : type === types.AAAA ? 'AAAA' : type}`);
    const entry = zone[name];
    if (entry === 'silence') return;
    const rcode = typeof entry === 'string' ? rcodes[entry] : entry ? rcodes.NOERROR : rcodes.NXDOMAIN;
    const addresses = typeof entry === 'object' ? entry.filter(type === types.A ? isIPv4 : isIPv6) : [];
    socket.send(response(query.subarray(0, end), { rcode, type, addresses }), from.port, from.address);
  });
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () =>
      resolve({
        address: `127.0.0.1:${socket.address().port}`,
        asked,
        stop: () => new Promise((stopped) => socket.close(() => stopped())),
      }),
    );
  });
}

function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString('latin1'));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

interface Answer {
  readonly rcode: number;
  readonly type: number;
  readonly addresses: readonly string[];
}

function response(query: Buffer, { rcode, type, addresses }: Answer): Buffer {
  const header = Buffer.from(query);
  header.writeUInt16BE(0x8180 | rcode, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, ...addresses.map((address) => record(type, address))]);
}

function record(type: number, address: string): Buffer {
  const data = type === types.A ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(60, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function ipv6Bytes(address: string): Buffer {
  const [before = '', after = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const head = groups(before);
  const tail = groups(after);
  const all = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}
