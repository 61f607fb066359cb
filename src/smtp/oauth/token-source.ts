// Access tokens from an OAuth 2 token endpoint (RFC 6749): kept in memory, renewed before they end, and asked for once
// at a time, so that a thousand relays with one application are one request.
import { createHmac, randomBytes } from 'node:crypto';
import type { AddressRule } from '../address-rule.ts';
import { requestToken } from './request-token.ts';
import { type SharedWork, shareWork } from './shared-work.ts';
import type { TokenAnswer } from './token-answer.ts';
import type { TokenRequest } from './token-request.ts';

export type TokenResult =
  | { readonly kind: 'token'; readonly accessToken: string }
  | {
      readonly kind: 'failed';
      readonly reason: 'TokenRequestFailed' | 'TokenRejected';
      readonly what: string;
      readonly remedy: string | undefined;
    };

export interface TokenDeps {
  /** Now, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export interface TokenSource {
  /** Never throws. */
  (request: TokenRequest, deps: TokenDeps): Promise<TokenResult>;
  /** A server refused this token: the next one who asks gets a new one. */
  forget(request: TokenRequest, accessToken: string): void;
}

export interface TokenSourceOptions {
  /** Host names that tokens may be asked of (--allowed-token-hosts), `*.example.com` for subdomains; empty or absent: all. */
  readonly allowedHosts?: readonly string[];
  /** PEM certificates trusted beside the system's. */
  readonly extraCa?: readonly string[];
  /** Milliseconds that one request may take, all of it. */
  readonly timeout?: number;
  readonly addressRule?: AddressRule;
}

export function createTokenSource(options: TokenSourceOptions = {}): TokenSource {
  const known = new Map<string, Entry>();
  const running = new Map<string, SharedWork<TokenAnswer>>();
  const secretOfCache = randomBytes(32);

  const source = async (request: TokenRequest, { now, signal }: TokenDeps): Promise<TokenResult> => {
    const key = keyOf(request, secretOfCache);
    const entry = known.get(key);
    const remembered = entry && stillGood(entry, now());
    if (remembered) return remembered;

    const work = running.get(key) ?? start(key, { request: latest(request, entry), now });
    const answer = await work.join(signal);
    if (answer) return settled(answer, { entry: known.get(key), now: now() });
    return {
      kind: 'failed',
      reason: 'TokenRequestFailed',
      what: 'The token request was cancelled.',
      remedy: undefined,
    };
  };
  return Object.assign(source, { forget });

  /** Only this one: another relay may have fetched a newer one meanwhile. */
  function forget(request: TokenRequest, accessToken: string): void {
    const key = keyOf(request, secretOfCache);
    const entry = known.get(key);
    if (entry?.token?.accessToken === accessToken) known.set(key, { ...entry, token: undefined });
  }

  function start(key: string, { request, now }: { request: TokenRequest; now: () => number }): SharedWork<TokenAnswer> {
    const work = shareWork(
      (signal) => requestToken(request, { options, signal, now: now() }),
      (answer) => {
        running.delete(key);
        if (answer) known.set(key, nextEntry(known.get(key), { answer, now: now() }));
        forgetOld(known, now());
      },
    );
    running.set(key, work);
    return work;
  }
}

/** What is known for one request. Nothing in it is ever written anywhere. */
interface Entry {
  readonly token: { readonly accessToken: string; readonly renewAt: number; readonly endsAt: number } | undefined;
  readonly failure:
    | { readonly result: TokenResult & { kind: 'failed' }; readonly until: number; readonly times: number }
    | undefined;
  /** A refresh token that the endpoint gave in place of the one in the Secret (RFC 6749 section 6). */
  readonly refreshToken: string | undefined;
}

/** The key must tell requests apart without holding their secrets. */
function keyOf(request: TokenRequest, secret: Buffer): string {
  return createHmac('sha256', secret).update(JSON.stringify(request)).digest('base64');
}

/** Less than this is not worth starting a conversation with. */
const shortestRest = 30_000;

function stillGood({ token, failure }: Entry, now: number): TokenResult | undefined {
  if (token && now < token.renewAt) return { kind: 'token', accessToken: token.accessToken };
  if (!failure || now >= failure.until) return undefined;
  return usable(token, now) ?? failure.result;
}

function usable(token: Entry['token'], now: number): TokenResult | undefined {
  return token && now < token.endsAt - shortestRest ? { kind: 'token', accessToken: token.accessToken } : undefined;
}

/** A token that could not be renewed serves until its end. */
function settled(answer: TokenAnswer, { entry, now }: { entry: Entry | undefined; now: number }): TokenResult {
  if (answer.kind === 'token') return { kind: 'token', accessToken: answer.accessToken };
  return usable(entry?.token, now) ?? answer;
}

function nextEntry(before: Entry | undefined, { answer, now }: { answer: TokenAnswer; now: number }): Entry {
  if (answer.kind === 'token') {
    const { accessToken, lifetime } = answer;
    const token = { accessToken, renewAt: now + renewAfter(lifetime), endsAt: now + lifetime };
    return { token, failure: undefined, refreshToken: answer.refreshToken ?? before?.refreshToken };
  }
  const times = (before?.failure?.times ?? 0) + 1;
  const failure = { result: answer, times, until: now + pause(answer.reason, times) };
  // A replacement that was refused is forgotten: the Secret may hold a newer one.
  const refreshToken = answer.reason === 'TokenRejected' ? undefined : before?.refreshToken;
  return { token: before?.token, failure, refreshToken };
}

/** After 80 % of its life, of a long one five minutes before the end. */
function renewAfter(lifetime: number): number {
  return Math.max(lifetime * 0.8, lifetime - 300_000);
}

function pause(reason: 'TokenRequestFailed' | 'TokenRejected', times: number): number {
  const [first, longest] = reason === 'TokenRejected' ? [30_000, 600_000] : [5_000, 120_000];
  return Math.min(longest, first * 2 ** Math.min(times - 1, 10));
}

function latest(request: TokenRequest, entry: Entry | undefined): TokenRequest {
  if (request.grant.kind !== 'RefreshToken' || entry?.refreshToken === undefined) return request;
  return { ...request, grant: { ...request.grant, refreshToken: entry.refreshToken } };
}

const hour = 3_600_000;

/** A rotated refresh token is kept as long as the process lives: the one in the Secret may no longer work. */
function forgetOld(known: Map<string, Entry>, now: number): void {
  for (const [key, { token, failure, refreshToken }] of known) {
    const until = Math.max(token?.endsAt ?? 0, failure?.until ?? 0);
    if (refreshToken === undefined && until + hour < now) known.delete(key);
  }
}
