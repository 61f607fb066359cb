// What came in together, as it is kept: each body behind its length, all gzipped, cut into parts where it is large.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** Of one part: with what base64 adds, well below what etcd takes. */
const largestPart = 512 * 1024;

export async function packBundle(bodies: readonly Buffer[]): Promise<Buffer[]> {
  const plain = bodies.flatMap((body) => [lengthOf(body), body]);
  const zipped = await zip(Buffer.concat(plain), { level: 1 });
  const parts = Math.ceil(zipped.length / largestPart);
  return Array.from({ length: parts }, (_, index) => zipped.subarray(index * largestPart, (index + 1) * largestPart));
}

/** Rejects where it is damaged: gzip has a checksum. */
export async function unpackBundle(parts: readonly Buffer[]): Promise<Buffer[]> {
  const plain = await unzip(Buffer.concat(parts));
  const bodies: Buffer[] = [];
  for (let at = 0; at < plain.length; ) {
    const end = at + lengthBytes + plain.readUInt32BE(at);
    bodies.push(plain.subarray(at + lengthBytes, end));
    at = end;
  }
  return bodies;
}

const zip = promisify(gzip);
const unzip = promisify(gunzip);
const lengthBytes = 4;

function lengthOf(body: Buffer): Buffer {
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(body.length);
  return length;
}
