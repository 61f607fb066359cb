// One POST of a form over HTTPS to addresses that were looked up before. Follows no redirect, uses no proxy, and reads
// no more than 64 KiB.
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { getCACertificates } from 'node:tls';
import { fixedLookup } from '../network/fixed-lookup.ts';
import type { EndpointResponse } from './token-answer.ts';

export interface PostOptions {
  readonly body: string;
  readonly addresses: readonly string[];
  readonly extraCa: readonly string[];
  /** Ends it, by timeout or for good. */
  readonly signal: AbortSignal;
}

export type Posted =
  | { readonly kind: 'response'; readonly response: EndpointResponse }
  /** `what` goes on from "The token endpoint example.com ". */
  | { readonly kind: 'failed'; readonly what: string; readonly remedy: string | undefined };

const longestResponse = 64 * 1024;

export function postForm(url: URL, { body, addresses, extraCa, signal }: PostOptions): Promise<Posted> {
  return new Promise((resolve) => {
    const post = request(url, {
      method: 'POST',
      agent: false,
      signal,
      lookup: fixedLookup(addresses),
      minVersion: 'TLSv1.2',
      ...(extraCa.length === 0 ? {} : { ca: [...getCACertificates('default'), ...extraCa] }),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        accept: 'application/json',
        'user-agent': 'relaykeeper',
      },
    });
    post.once('response', (response) => read(response, resolve));
    post.on('error', (error) => resolve(failure(error, signal)));
    post.end(body);
  });
}

function read(response: IncomingMessage, resolve: (posted: Posted) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= longestResponse) {
      chunks.push(chunk);
      return;
    }
    resolve({ kind: 'failed', what: 'answered with more than 64 KiB', remedy: wrongPlace });
    response.destroy();
  });
  response.once('end', () => {
    const { statusCode = 0, headers } = response;
    const text = Buffer.concat(chunks).toString('utf8');
    resolve({ kind: 'response', response: { status: statusCode, location: headers.location, body: text } });
  });
  response.once('error', () => {
    resolve({ kind: 'failed', what: 'broke off its answer', remedy: undefined });
  });
}

const wrongPlace = 'Correct spec.auth.oauth2.tokenUrl: it seems not to be a token endpoint.';

const notReached =
  'Check spec.auth.oauth2.tokenUrl, and firewalls and NetworkPolicies for outbound HTTPS; the operator connects directly, HTTPS_PROXY is not used.';

function failure(error: NodeJS.ErrnoException, signal: AbortSignal): Posted {
  if (signal.aborted) return { kind: 'failed', what: 'did not answer in time', remedy: notReached };
  const code = firstCode(error) ?? error.name;
  const known = words[code];
  if (known) return { kind: 'failed', what: known, remedy: notReached };
  if (/CERT|VERIFY|SELF_SIGNED|ISSUER|ALTNAME/.test(code)) {
    return {
      kind: 'failed',
      what: `presents a certificate that is not accepted (${code})`,
      remedy:
        'Check spec.auth.oauth2.tokenUrl; an authority of your own has to be in NODE_EXTRA_CA_CERTS of the operator.',
    };
  }
  if (/SSL|TLS|EPROTO/.test(code)) {
    return { kind: 'failed', what: `did not complete the TLS handshake (${code})`, remedy: notReached };
  }
  return { kind: 'failed', what: `could not be reached (${code})`, remedy: notReached };
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection without an answer',
  ETIMEDOUT: 'did not answer in time',
  EHOSTUNREACH: 'is not reachable: there is no route to it',
  ENETUNREACH: 'is not reachable: there is no route to it',
};

/** Of several addresses that were tried, the first one's. */
function firstCode(error: NodeJS.ErrnoException): string | undefined {
  if (error instanceof AggregateError) {
    const codes = error.errors.map((each: NodeJS.ErrnoException) => each.code);
    return codes.find((code) => code !== undefined);
  }
  return error.code;
}
