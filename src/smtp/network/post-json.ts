// One POST of a JSON document to a secret URL, under the rules that relays are connected to by. Follows no redirect, uses no
// proxy, reads nothing of the answer but its status. What it says of a failure names neither host nor path: both are secret.
import { request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { type AddressRule, clusterDeniedCidrs, deniedBy } from '../address-rule.ts';
import { fixedLookup } from './fixed-lookup.ts';
import { resolveHost } from './resolve.ts';

export interface PostJsonOptions {
  readonly addressRule: AddressRule;
  readonly signal: AbortSignal;
  /** Milliseconds, all of it. */
  readonly timeout: number;
}

export type PostedJson =
  /** The answer was 2xx. */
  | { readonly kind: 'posted' }
  /** Goes on from "The URL ". */
  | { readonly kind: 'failed'; readonly what: string };

export async function postJson(text: string, document: object, options: PostJsonOptions): Promise<PostedJson> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return failed('is none that begins with https://');
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeout)]);
  const found = await resolveHost(url.hostname.replace(/^\[(.*)\]$/, '$1'), {
    ...{ timeout: options.timeout, signal },
    dnsServers: undefined,
  });
  if (found.kind === 'failed') return failed(`names a host that cannot be found (${found.reason})`);
  const addresses = found.addresses.filter((address) => deniedBy(address, options.addressRule) === undefined);
  if (addresses.length === 0) return failed('leads to an address that the operator may not connect to');
  if (url.protocol === 'http:' && !addresses.every(isLocal)) return failed('must begin with https://');
  return send(url, { body: JSON.stringify(document), addresses, signal });
}

/** Nobody listens on the way there. */
function isLocal(address: string): boolean {
  return deniedBy(address, { deniedCidrs: clusterDeniedCidrs }) !== undefined;
}

interface Sending {
  readonly body: string;
  readonly addresses: readonly string[];
  readonly signal: AbortSignal;
}

function send(url: URL, { body, addresses, signal }: Sending): Promise<PostedJson> {
  const request = url.protocol === 'http:' ? overHttp : overHttps;
  return new Promise((resolve) => {
    const post = request(url, {
      method: 'POST',
      agent: false,
      signal,
      lookup: fixedLookup(addresses),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'relaykeeper',
      },
    });
    post.once('response', (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      resolve(outcome(statusCode));
    });
    post.on('error', (error: NodeJS.ErrnoException) =>
      resolve(failed(signal.aborted ? 'did not answer in time' : `could not be reached (${error.code ?? error.name})`)),
    );
    post.end(body);
  });
}

function outcome(status: number): PostedJson {
  if (status >= 200 && status < 300) return { kind: 'posted' };
  if (status >= 300 && status < 400) return failed(`answered ${status}, a redirect, which is not followed`);
  return failed(`answered ${status}`);
}

function failed(what: string): PostedJson {
  return { kind: 'failed', what };
}
