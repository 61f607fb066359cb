// Takes a login's parts out of a text that someone else wrote, such as a server that echoes what it was sent.
import { printable } from '../api/fit-status.ts';
import type { TargetAuth } from './relay-target.ts';

/** `known` is an address that the text is about anyway: a user name that is the same stays. */
export function withoutSecrets(
  text: string,
  { auth, known }: { auth: TargetAuth | undefined; known: string | undefined },
): string {
  if (!auth) return text;
  let cleaner = cleaners.get(auth);
  if (!cleaner) {
    // As a whole, too: PLAIN (RFC 4616) joins both.
    const secrets = secretsOf(auth).flatMap((secret) => [secret, `\0${auth.username}\0${secret}`]);
    cleaner = { secrets: withoutThese(secrets), name: withoutThese([auth.username]) };
    cleaners.set(auth, cleaner);
  }
  const clean = cleaner.secrets(text);
  return auth.username === known ? clean : cleaner.name(clean);
}

/** A conversation has many lines; what is looked for in them is worked out once, and kept no longer than the login. */
const cleaners = new WeakMap<TargetAuth, { readonly secrets: Cleaner; readonly name: Cleaner }>();

export type Cleaner = (text: string) => string;

/**
 * Replaces each value, as it is and as SASL, JSON, URLs and dumps write it, also where it is a part of what was encoded.
 * Very short ones only where they stand alone, or nothing readable would remain.
 */
export function withoutThese(values: readonly string[]): Cleaner {
  const wanted = values.filter((value) => value !== '');
  const encoded = wanted.flatMap(encodings);
  // The longest first, so that no rest of a longer one stays.
  const spelled = wanted.flatMap(spellings).sort((a, b) => b.length - a.length);
  return (text) => spelled.reduce(without, encoded.reduce(withoutRuns, text));
}

export function withoutValues(text: string, values: readonly string[]): string {
  return withoutThese(values)(text);
}

/**
 * Takes out lines of a login (base64), as they were sent, cut at either end, or decoded. The digest of CRAM-MD5 is in
 * none of the login's parts, and beside its challenge it would let the password be guessed.
 */
export function withoutSent(lines: readonly string[], username: string): Cleaner {
  const ends = lines.flatMap((line) => [line.slice(0, lineEnd), line.slice(-lineEnd)]);
  const runs = [...new Set(ends)].filter((core) => core.length === lineEnd).map((core) => ({ core, alphabet: base64 }));
  const decoded = lines.map((line) => Buffer.from(line, 'base64').toString('utf8'));
  const parts = decoded.flatMap((text) => text.split(/[\p{Cc}\s]+/u)).filter((part) => part.length >= longPart);
  const whole = withoutThese([...lines, ...decoded, ...parts].filter((text) => text !== username));
  return (text) => whole(runs.reduce(withoutRuns, text));
}

/** So many characters of base64 are no coincidence. */
const lineEnd = 12;
const longPart = 16;

const mark = '<redacted>';

function spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const base64 = bytes.toString('base64');
  const wellFormed = value.toWellFormed();
  return [
    ...new Set([
      value,
      base64,
      base64.replace(/=+$/, ''),
      encodeURIComponent(wellFormed),
      new URLSearchParams({ v: wellFormed }).toString().slice('v='.length),
      JSON.stringify(value).slice(1, -1),
      // How a reply shows bytes that cannot be printed, or are no UTF-8.
      printable(value),
      [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join(''),
    ]),
  ];
}

function without(text: string, value: string): string {
  if (value.length >= 4) return text.replaceAll(value, mark);
  const escaped = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'), mark);
}

interface Encoding {
  /** What any text that the value is a part of has in it when it is encoded. */
  readonly core: string;
  /** A character of such a text. */
  readonly alphabet: RegExp;
}

const base64 = /[A-Za-z0-9+/=_-]/;

/** Shorter ones would be found in innocent words. */
const leastCore = 8;

function encodings(value: string): Encoding[] {
  const bytes = Buffer.from(value, 'utf8');
  const hex = bytes.toString('hex');
  const cores = [0, 1, 2].map((shift) => base64Core(bytes, shift));
  const base64url = cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    ...[hex, hex.toUpperCase()].map((core) => ({ core, alphabet: /[0-9A-Fa-f]/ })),
    ...[...cores, ...base64url].map((core) => ({ core, alphabet: base64 })),
  ].filter(({ core }) => core.length >= leastCore);
}

/** Base64 takes three bytes at a time; `shift` is where in such a group the first one falls. */
function base64Core(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
  return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
}

/** With all that was encoded together with it: its first and last bytes share characters with what stands beside it. */
function withoutRuns(text: string, { core, alphabet }: Encoding): string {
  let rest = text;
  for (let at = rest.indexOf(core); at !== -1; ) {
    let start = at;
    let end = at + core.length;
    while (start > 0 && alphabet.test(rest.charAt(start - 1))) start -= 1;
    while (end < rest.length && alphabet.test(rest.charAt(end))) end += 1;
    rest = `${rest.slice(0, start)}${mark}${rest.slice(end)}`;
    at = rest.indexOf(core, start + mark.length);
  }
  return rest;
}

function secretsOf({ secret }: TargetAuth): string[] {
  if (secret.kind === 'password') return [secret.password];
  const { grant } = secret.token;
  switch (grant.kind) {
    case 'ClientCredentials':
      return [grant.clientSecret];
    case 'RefreshToken':
      return [grant.refreshToken, grant.clientSecret ?? ''];
    case 'JwtBearer':
      return [];
  }
}
