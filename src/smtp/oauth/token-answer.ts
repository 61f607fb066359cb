// What a token endpoint's HTTP response means (RFC 6749 sections 5.1 and 5.2). Its words are quoted without the
// secrets that were sent, and bounded.
import { withoutValues } from '../without-secrets.ts';
import { rejectionRemedy } from './rejection-remedy.ts';
import type { TokenRequest } from './token-request.ts';

export type TokenAnswer =
  | {
      readonly kind: 'token';
      readonly accessToken: string;
      /** Milliseconds. */
      readonly lifetime: number;
      readonly refreshToken: string | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly reason: 'TokenRequestFailed' | 'TokenRejected';
      readonly what: string;
      readonly remedy: string | undefined;
    };

export interface EndpointResponse {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

export interface Asked {
  readonly request: TokenRequest;
  /** Whatever of the form must not be repeated. */
  readonly secrets: readonly string[];
}

export function tokenAnswer(response: EndpointResponse, asked: Asked): TokenAnswer {
  const { status } = response;
  const fields = jsonObject(response.body);
  if (status >= 300 && status < 400) return redirected(response, asked);
  if (status === 200 || status === 201) return fields ? granted(fields, asked) : noJson(asked);
  const error = fields && text(fields.error);
  if (error === undefined || status === 429 || status >= 500) return unavailable(status, { error, asked });
  return refused(error, { description: text(fields?.error_description), asked });
}

function granted(fields: Fields, asked: Asked): TokenAnswer {
  const accessToken = text(fields.access_token);
  const type = text(fields.token_type) ?? 'Bearer';
  // RFC 6749 appendix A.12; anything else would also break the XOAUTH2 message.
  if (accessToken === undefined || !/^[\x20-\x7e]+$/.test(accessToken)) {
    return failed(`${endpoint(asked)} answered without an access token.`);
  }
  if (type.toLowerCase() !== 'bearer') {
    return failed(`${endpoint(asked)} gave a token of type ${quoted(type, asked)}, but SMTP takes only bearer tokens.`);
  }
  return {
    kind: 'token',
    accessToken,
    lifetime: lifetime(fields.expires_in),
    refreshToken: text(fields.refresh_token),
  };
}

/** Where the endpoint does not say (RFC 6749 section 5.1 only recommends it), five minutes; a day at most. */
function lifetime(expiresIn: unknown): number {
  const seconds = Number(typeof expiresIn === 'string' || typeof expiresIn === 'number' ? expiresIn : Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 86_400) * 1000 : 300_000;
}

const transient: readonly string[] = ['temporarily_unavailable', 'server_error'];

function refused(
  error: string,
  { description, asked }: { description: string | undefined; asked: Asked },
): TokenAnswer {
  const detail = description === undefined ? '' : `: ${quoted(withoutTrace(description), asked)}`;
  const what = `${endpoint(asked)} answered ${quoted(error, asked)}${detail}`;
  if (transient.includes(error)) return failed(sentence(what));
  const remedy = rejectionRemedy({ error, description: description ?? '', request: asked.request });
  return { kind: 'failed', reason: 'TokenRejected', what: sentence(what), remedy };
}

function unavailable(status: number, { error, asked }: { error: string | undefined; asked: Asked }): TokenAnswer {
  const what = `${endpoint(asked)} answered with HTTP status ${status}${error === undefined ? '' : ` (${quoted(error, asked)})`}.`;
  if (status === 404) return failed(what, 'Correct spec.auth.oauth2.tokenUrl: the server has nothing at this path.');
  if (status === 429) return failed(what, 'Too many tokens were asked for; it is tried again later.');
  return failed(what);
}

function redirected({ status, location }: EndpointResponse, asked: Asked): TokenAnswer {
  const to = location !== undefined && URL.canParse(location, asked.request.tokenUrl);
  const where = to ? ` to ${new URL(location, asked.request.tokenUrl).host}` : '';
  return failed(
    `${endpoint(asked)} redirects${where} (HTTP status ${status}); redirects are not followed, because the request holds a secret.`,
    'Set spec.auth.oauth2.tokenUrl to the address of the token endpoint itself.',
  );
}

function noJson(asked: Asked): TokenAnswer {
  const remedy = 'Correct spec.auth.oauth2.tokenUrl: it seems to lead to a web page rather than to a token endpoint.';
  return failed(`${endpoint(asked)} answered something that is no JSON object.`, remedy);
}

function failed(what: string, remedy?: string): TokenAnswer {
  return { kind: 'failed', reason: 'TokenRequestFailed', what, remedy };
}

function endpoint({ request }: Asked): string {
  return `The token endpoint ${new URL(request.tokenUrl).host}`;
}

function quoted(words: string, { secrets }: Asked): string {
  const printable = withoutValues(words, secrets)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  return printable.length <= 300 ? printable : `${printable.slice(0, 299)}…`;
}

/** Microsoft adds identifiers that differ each time: they would make every status a new one. */
function withoutTrace(description: string): string {
  return description.replace(/\s*(?:Trace ID|Correlation ID|Timestamp):.*$/s, '');
}

function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

type Fields = Readonly<Record<string, unknown>>;

function jsonObject(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined; // the caller says that it is no JSON
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
