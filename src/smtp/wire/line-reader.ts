// Cuts what a server sends into lines, with bounded memory (RFC 5321 section 2.3.8). Refuses what could desynchronize
// the conversation: bare CR, NUL, and lines without end. A bare LF is let through, and noted.

/** RFC 5321 section 4.5.3.1.5 says 512; real servers write longer ones. */
export const usualLineLength = 512;
export const longestLine = 4096;

export type Line =
  | { readonly kind: 'line'; readonly bytes: Buffer; readonly lenient: readonly string[] }
  | { readonly kind: 'more' }
  | { readonly kind: 'violation'; readonly what: string };

export interface LineReader {
  push(chunk: Buffer): void;
  next(): Line;
  /** Bytes received and not yet read as a line. */
  readonly pending: number;
  /** The first bytes of what is pending, to recognize another protocol by. */
  peek(): Buffer;
}

const LF = 0x0a;
const CR = 0x0d;

export function createLineReader(): LineReader {
  let buffer: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    },
    next() {
      const end = buffer.indexOf(LF);
      const length = end === -1 ? buffer.length : end + 1;
      if (length > longestLine) return { kind: 'violation', what: `a line of more than ${longestLine} bytes` };
      if (end === -1) return { kind: 'more' };
      const line = cutLine(buffer.subarray(0, end));
      if (line.kind === 'line') buffer = buffer.subarray(end + 1);
      return line;
    },
    get pending() {
      return buffer.length;
    },
    peek() {
      return buffer.subarray(0, 64);
    },
  };
}

function cutLine(beforeLf: Buffer): Line {
  const bareLf = beforeLf.at(-1) !== CR;
  const bytes = bareLf ? beforeLf : beforeLf.subarray(0, -1);
  if (bytes.includes(CR)) return { kind: 'violation', what: 'a line with a bare CR' };
  if (bytes.includes(0)) return { kind: 'violation', what: 'a line with a NUL byte' };
  const lenient: string[] = [];
  if (bareLf) lenient.push('ends lines with a bare LF instead of CRLF');
  if (beforeLf.length + 1 > usualLineLength) lenient.push(`sends lines of more than ${usualLineLength} bytes`);
  return { kind: 'line', bytes, lenient };
}
