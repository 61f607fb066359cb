// Takes a login's parts out of a text that someone else wrote, such as a server that echoes what it was sent.
import type { TargetAuth } from './relay-target.ts';

/** `known` is an address that the text is about anyway: a user name that is the same stays. */
export function withoutSecrets(
  text: string,
  { auth, known }: { auth: TargetAuth | undefined; known: string | undefined },
): string {
  if (!auth) return text;
  // As a whole, too: PLAIN (RFC 4616) joins both.
  const secrets = secretsOf(auth).flatMap((secret) => [secret, `\0${auth.username}\0${secret}`]);
  const names = auth.username === known ? [] : [auth.username];
  return withoutValues(text, [...secrets, ...names]);
}

/** Replaces each value, and its base64 as SASL sends it. Very short ones only where they stand alone, or nothing readable would remain. */
export function withoutValues(text: string, values: readonly string[]): string {
  const found = values.filter((value) => value !== '').flatMap(forms);
  // The longest first, so that no rest of a longer one stays.
  return found.sort((a, b) => b.length - a.length).reduce((rest, value) => without(rest, value), text);
}

const mark = '<redacted>';

function forms(value: string): string[] {
  const encoded = Buffer.from(value, 'utf8').toString('base64');
  return [...new Set([value, encoded, encoded.replace(/=+$/, ''), encodeURIComponent(safe(value))])];
}

function without(text: string, value: string): string {
  if (value.length >= 4) return text.replaceAll(value, mark);
  const escaped = value.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'), mark);
}

function safe(value: string): string {
  return value.toWellFormed();
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
