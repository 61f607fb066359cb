// A message as it goes over the wire after DATA, and what a server must know of it before (RFC 5321 sections 2.3.8 and
// 4.5.2). Bare CR and LF become CRLF: servers that end a message at one of them could be made to take two.

export interface BodyFacts {
  /** Octets with CRLF line ends, before dot-stuffing: what SIZE (RFC 1870) counts. */
  readonly size: number;
  readonly eightBit: boolean;
  readonly hasNul: boolean;
  /** Octets of the longest line without its end. */
  readonly longestLine: number;
}

export interface MessageBody extends BodyFacts {
  /** Complete with dots stuffed and the final dot. */
  readonly wire: Buffer;
}

const CR = 0x0d;
const LF = 0x0a;
const dot = 0x2e;

export function messageBody(raw: Buffer): MessageBody {
  const lines = canonicalLines(raw);
  const facts = factsOf(lines);
  return { ...facts, wire: stuffed(lines) };
}

/** With CRLF at the end of every line, the last included; the very same bytes where they are so already. */
function canonicalLines(raw: Buffer): Buffer {
  if (isCanonical(raw)) return raw;
  const out = Buffer.allocUnsafe(raw.length * 2 + 2);
  let length = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at] ?? 0;
    if (byte !== CR && byte !== LF) {
      out[length++] = byte;
      continue;
    }
    if (byte === CR && raw[at + 1] === LF) at += 1;
    out[length++] = CR;
    out[length++] = LF;
  }
  if (length > 0 && out[length - 1] !== LF) {
    out[length++] = CR;
    out[length++] = LF;
  }
  return out.subarray(0, length);
}

function isCanonical(raw: Buffer): boolean {
  if (raw.length > 0 && raw[raw.length - 1] !== LF) return false;
  let at = 0;
  for (let end = raw.indexOf(LF, at); end !== -1; end = raw.indexOf(LF, at)) {
    if (end === 0 || raw[end - 1] !== CR) return false;
    const firstCr = raw.indexOf(CR, at);
    if (firstCr !== end - 1) return false;
    at = end + 1;
  }
  return true;
}

function factsOf(lines: Buffer): BodyFacts {
  let longestLine = 0;
  for (let at = 0, end = lines.indexOf(LF); end !== -1; at = end + 1, end = lines.indexOf(LF, at)) {
    longestLine = Math.max(longestLine, end - 1 - at);
  }
  return { size: lines.length, eightBit: hasEightBit(lines), hasNul: lines.includes(0), longestLine };
}

/** Four octets at a time would be faster still; a mail of 2 KiB takes microseconds. */
function hasEightBit(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) > 0x7f) return true;
  return false;
}

function stuffed(lines: Buffer): Buffer {
  const dots = dotLines(lines);
  const out = Buffer.allocUnsafe(lines.length + dots.length + 3);
  let from = 0;
  let length = 0;
  for (const start of dots) {
    length += lines.copy(out, length, from, start);
    out[length++] = dot;
    from = start;
  }
  length += lines.copy(out, length, from);
  out.write('.\r\n', length, 'latin1');
  return out;
}

/** Where lines start with a dot. */
function dotLines(lines: Buffer): number[] {
  const starts = lines[0] === dot ? [0] : [];
  for (let at = lines.indexOf('\n.', 0, 'latin1'); at !== -1; at = lines.indexOf('\n.', at + 1, 'latin1')) {
    starts.push(at + 1);
  }
  return starts;
}
