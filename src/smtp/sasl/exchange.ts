// The client's side of a SASL exchange over SMTP (RFC 4954): what to say to each 334. Knows nothing of sockets, and
// never repeats a credential in its own words.
import { createHmac } from 'node:crypto';
import { withoutValues } from '../without-secrets.ts';
import type { SaslMechanism } from './choose-mechanism.ts';

export interface SaslCredentials {
  readonly username: string;
  /** The password, or with XOAUTH2 the access token. */
  readonly secret: string;
}

export type SaslStep =
  /** `evidence` is what the challenge told about a refusal, a sentence without secrets; the reply that follows is the refusal. */
  | { readonly kind: 'send'; readonly line: string; readonly evidence?: string }
  /** Send `*` to cancel (RFC 4954 section 4). */
  | { readonly kind: 'abort'; readonly what: string };

export interface SaslExchange {
  /** Why these credentials cannot be sent at all; then send no AUTH, and `respond` only aborts. */
  readonly unusable: string | undefined;
  /** Base64, to stand in the AUTH command itself. */
  readonly initialResponse: string | undefined;
  /** `challenge` is the text of a 334 reply, base64 where the mechanism sends any. */
  respond(challenge: string): SaslStep;
}

export function saslExchange(mechanism: SaslMechanism, credentials: SaslCredentials): SaslExchange {
  const unusable = whyUnusable(mechanism, credentials);
  if (unusable) return { unusable, initialResponse: undefined, respond: () => ({ kind: 'abort', what: unusable }) };
  switch (mechanism) {
    case 'PLAIN':
      return plain(credentials);
    case 'LOGIN':
      return login(credentials);
    case 'CRAM-MD5':
      return cramMd5(credentials);
    case 'XOAUTH2':
      return xoauth2(credentials);
  }
}

/** RFC 4954 section 4: what a base64 line may have at most, its CRLF included. */
const longestLine = 12_288;
/** RFC 5321 section 4.5.3.1.4: the AUTH command with an initial response still is a command line. */
const longestCommand = 512;

function whyUnusable(mechanism: SaslMechanism, { username, secret }: SaslCredentials): string | undefined {
  const secretName = mechanism === 'XOAUTH2' ? 'access token' : 'password';
  const parts = [
    { name: 'user name', value: username },
    { name: secretName, value: secret },
  ];
  for (const { name, value } of parts) {
    if (value === '') return `The ${name} is empty.`;
    if (value.includes('\0')) return `The ${name} contains a NUL character, which no SASL mechanism can send.`;
    if (!value.isWellFormed()) return `The ${name} is not valid Unicode text.`;
    // 0x01 separates the fields of XOAUTH2.
    if (mechanism === 'XOAUTH2' && value.includes('\x01')) return `The ${name} contains a control character.`;
    if (base64Length(value) + 64 > longestLine) return `The ${name} is too long for SMTP AUTH.`;
  }
  if (base64Length(username + secret) + 64 > longestLine) return 'User name and password are too long for SMTP AUTH.';
  return undefined;
}

function base64Length(value: string): number {
  return Math.ceil(Buffer.byteLength(value) / 3) * 4;
}

/** RFC 4616. The authorization identity is left empty: the server derives it from the user name. */
function plain({ username, secret }: SaslCredentials): SaslExchange {
  return oneResponse('PLAIN', base64(`\0${username}\0${secret}`));
}

/** A mechanism whose client speaks once: in the command where it fits, else after an empty challenge. */
function oneResponse(mechanism: SaslMechanism, line: string): SaslExchange {
  const fits = `AUTH ${mechanism} ${line}\r\n`.length <= longestCommand;
  let sent = fits;
  return {
    unusable: undefined,
    initialResponse: fits ? line : undefined,
    respond() {
      if (sent) return { kind: 'abort', what: `The server asked for more after all of ${mechanism} was said.` };
      sent = true;
      return { kind: 'send', line };
    },
  };
}

/** draft-murchison-sasl-login. Servers word the two prompts differently, so only their order counts. */
function login({ username, secret }: SaslCredentials): SaslExchange {
  const answers = [username, secret];
  return {
    unusable: undefined,
    initialResponse: undefined,
    respond() {
      const answer = answers.shift();
      if (answer !== undefined) return { kind: 'send', line: base64(answer) };
      return { kind: 'abort', what: 'The server asked for more after user name and password of LOGIN.' };
    },
  };
}

/** RFC 2195. */
function cramMd5({ username, secret }: SaslCredentials): SaslExchange {
  let answered = false;
  return {
    unusable: undefined,
    initialResponse: undefined,
    respond(challenge) {
      if (answered) return { kind: 'abort', what: 'The server sent a second CRAM-MD5 challenge.' };
      answered = true;
      const bytes = decoded(challenge);
      if (!bytes || bytes.length === 0) {
        return { kind: 'abort', what: 'The CRAM-MD5 challenge of the server is empty or not base64.' };
      }
      const digest = createHmac('md5', secret).update(bytes).digest('hex');
      return { kind: 'send', line: base64(`${username} ${digest}`) };
    },
  };
}

/** Google's and Microsoft's XOAUTH2: a refusal is a challenge with JSON, to be answered by an empty line. */
function xoauth2({ username, secret }: SaslCredentials): SaslExchange {
  const token = oneResponse('XOAUTH2', base64(`user=${username}\x01auth=Bearer ${secret}\x01\x01`));
  let refused = false;
  return {
    ...token,
    respond(challenge) {
      const first = token.respond(challenge);
      if (first.kind === 'send') return first;
      if (refused) return first;
      refused = true;
      const evidence = tokenRefusal(challenge, secret);
      return { kind: 'send', line: '', ...(evidence === undefined ? {} : { evidence }) };
    },
  };
}

/** The fields of the error challenge that say something, such as `{"status":"401","schemes":"bearer","scope":"…"}`. */
function tokenRefusal(challenge: string, token: string): string | undefined {
  const bytes = decoded(challenge);
  const fields = bytes && jsonObject(bytes.toString('utf8'));
  if (!fields) return undefined;
  const said = ['status', 'schemes', 'scope']
    .map((name) => ({ name, value: fields[name] }))
    .filter(({ value }) => typeof value === 'string' || typeof value === 'number')
    .map(({ name, value }) => `${name} ${visible(withoutValues(String(value), [token]))}`);
  return said.length === 0 ? undefined : `The server answered the token with ${said.join(', ')}.`;
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined; // a challenge that is no JSON says nothing; the reply that follows still does
  }
}

function visible(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function decoded(text: string): Buffer | undefined {
  const trimmed = text.trim();
  return /^[A-Za-z0-9+/]*={0,2}$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : undefined;
}
