// Asks a token endpoint once: where it may be asked, with what form, and what came back. Never rejects.
import { deniedBy } from '../address-rule.ts';
import { hostAllowed } from '../host-allowed.ts';
import { resolveHost } from '../network/resolve.ts';
import { postForm } from './post-form.ts';
import { type TokenAnswer, tokenAnswer } from './token-answer.ts';
import { tokenForm } from './token-form.ts';
import type { TokenRequest } from './token-request.ts';
import type { TokenSourceOptions } from './token-source.ts';

export interface RequestTokenDeps {
  readonly options: TokenSourceOptions;
  readonly signal: AbortSignal;
  readonly now: number;
}

export async function requestToken(request: TokenRequest, deps: RequestTokenDeps): Promise<TokenAnswer> {
  const { options, now } = deps;
  const url = httpsUrl(request.tokenUrl);
  if (!url)
    return failed(
      'spec.auth.oauth2.tokenUrl is no https URL.',
      'Set it to the token endpoint, starting with https://.',
    );
  if (!hostAllowed(url.hostname, options.allowedHosts)) return hostNotAllowed(url.hostname);
  const form = tokenForm(request, now);
  if (form.kind === 'unusable') return { kind: 'failed', reason: 'TokenRejected', what: form.what, remedy: undefined };

  const timeout = options.timeout ?? 10_000;
  const signal = AbortSignal.any([deps.signal, AbortSignal.timeout(timeout)]);
  const found = await addressesFor(url, { options, signal, timeout });
  if (found.kind === 'failed') return found;
  const { addresses } = found;
  const posted = await postForm(url, {
    body: form.fields.toString(),
    addresses,
    extraCa: options.extraCa ?? [],
    signal,
  });
  if (posted.kind === 'failed') return failed(`The token endpoint ${url.host} ${posted.what}.`, posted.remedy);
  return tokenAnswer(posted.response, { request, secrets: form.secrets });
}

function httpsUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url : undefined;
}

function hostNotAllowed(host: string): TokenAnswer {
  return failed(
    `The operator may not ask ${host} for tokens.`,
    'Correct spec.auth.oauth2.tokenUrl, or let an administrator add the host to --allowed-token-hosts.',
  );
}

type Found = { readonly kind: 'found'; readonly addresses: readonly string[] } | (TokenAnswer & { kind: 'failed' });

/** Resolved here and handed on, so that what was checked is what is connected to. */
async function addressesFor(
  { hostname }: URL,
  { options, signal, timeout }: { options: TokenSourceOptions; signal: AbortSignal; timeout: number },
): Promise<Found> {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const resolved = await resolveHost(host, { timeout, signal, dnsServers: undefined });
  if (resolved.kind === 'failed') return failed(`The token endpoint cannot be found. ${resolved.what}`);
  const rule = options.addressRule ?? { deniedCidrs: [] };
  const addresses = resolved.addresses.filter((address) => deniedBy(address, rule) === undefined);
  if (addresses.length > 0) return { kind: 'found', addresses };
  const list = resolved.addresses.slice(0, 4).join(', ');
  return failed(
    `The token endpoint ${host} leads to ${list}, which the operator may not connect to.`,
    'Use a token endpoint outside the denied ranges, or let an administrator change --denied-cidrs.',
  );
}

function failed(what: string, remedy?: string): TokenAnswer & { kind: 'failed' } {
  return { kind: 'failed', reason: 'TokenRequestFailed', what, remedy };
}
