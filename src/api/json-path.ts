// JSONPath (RFC 9535) as far as it names one place: `$`, names and indexes. No filters, wildcards or slices, since a date
// stands in one place, and nothing that is evaluated.
import { isObject, ownValue } from './json.ts';

export type PathSegment = string | number;

export type JsonPath =
  | { readonly kind: 'path'; readonly segments: readonly PathSegment[] }
  | { readonly kind: 'invalid'; readonly message: string };

/** A singular query of RFC 9535 §2.3.5.1: `$.status.notAfter`, `$['metadata'].annotations["a.b/c"]`, `$.list[0]`, `$.list[-1]`. */
export function parseJsonPath(text: string): JsonPath {
  if (!text.startsWith('$')) return invalid('must start with $, such as $.status.notAfter');
  const segments: PathSegment[] = [];
  let at = 1;
  while (at < text.length) {
    const match = segmentAt(text, at);
    if (!match) return invalid(faultAt(text, at));
    segments.push(match.segment);
    at = match.end;
  }
  return segments.length === 0 ? invalid('must name a field, such as $.status.notAfter') : { kind: 'path', segments };
}

/** The value at the path; undefined where there is none. */
export function valueAt(value: unknown, segments: readonly PathSegment[]): unknown {
  let found = value;
  for (const segment of segments) {
    if (typeof segment === 'number') found = Array.isArray(found) ? found.at(segment) : undefined;
    else found = isObject(found) ? ownValue(found, segment) : undefined;
  }
  return found;
}

interface Match {
  readonly segment: PathSegment;
  readonly end: number;
}

// RFC 9535 §2.5.1.1: a shorthand name starts with a letter, `_` or anything beyond ASCII.
const shorthand = /\.([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)/y;
const index = /\[\s*(0|-?[1-9][0-9]{0,8})\s*\]/y;
const quoted = /\[\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\]/y;

function segmentAt(text: string, at: number): Match | undefined {
  const name = matchAt(shorthand, text, at);
  if (name) return { segment: name[1] ?? '', end: at + name[0].length };
  const number = matchAt(index, text, at);
  if (number) return { segment: Number(number[1]), end: at + number[0].length };
  const key = matchAt(quoted, text, at);
  if (!key) return undefined;
  const segment = unquoted(key[1] ?? key[2] ?? '');
  return segment === undefined ? undefined : { segment, end: at + key[0].length };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function unquoted(text: string): string | undefined {
  let valid = true;
  const plain = text.replace(/\\(u[0-9A-Fa-f]{4}|.)/g, (_, code: string) => {
    if (code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (Object.hasOwn(escapes, code)) return escapes[code] ?? '';
    if (!/^['"\\/]$/.test(code)) valid = false;
    return code;
  });
  return valid && !/\p{Cc}/u.test(text) ? plain : undefined;
}

function faultAt(text: string, at: number): string {
  const rest = text.slice(at, at + 20);
  const place = `not "${rest}" at character ${at + 1}`;
  if (/^\.\.|^\.?\*|^\[\s*(\*|\?|-?[0-9]*:)/.test(rest)) {
    return `must name one place: no .., *, filters or slices; ${place}`;
  }
  if (/^[-/]/.test(rest)) {
    return `must write a name with - . or / in brackets, such as $.metadata.annotations['example.com/owner']; ${place}`;
  }
  return `must go on with .name, ['name'] or [0], ${place}`;
}

function invalid(message: string): JsonPath {
  return { kind: 'invalid', message };
}
