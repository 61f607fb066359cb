// A relay to probe, and what a probe needs, with as little said as the case at hand allows.
import type { ProbeDepth, ProbeReport } from '../../src/api/smtp-relay.ts';
import type { TokenRequest } from '../../src/smtp/oauth/token-request.ts';
import type { TokenResult, TokenSource } from '../../src/smtp/oauth/token-source.ts';
import type { ProbeDeps } from '../../src/smtp/probe.ts';
import { probe } from '../../src/smtp/probe.ts';
import type { RelayTarget, TargetAuth, TargetTls } from '../../src/smtp/relay-target.ts';

export interface Wanted extends Partial<Omit<RelayTarget, 'tls' | 'auth'>> {
  readonly port: number;
  readonly tls?: Partial<TargetTls>;
  readonly auth?: Partial<TargetAuth>;
}

const password = 'sesame-9f3b';

export function makeTarget(wanted: Wanted): RelayTarget {
  return {
    host: '127.0.0.1',
    addressFamily: 'Any',
    connectionTimeout: 10_000,
    deliveryTimeouts: { command: 20_000, dataEnd: 20_000 },
    ehloName: 'client.example.com',
    senders: ['sender@example.com'],
    recipient: 'recipient@example.com',
    certificateWarningDays: 21,
    addressRule: { deniedCidrs: [] },
    ...wanted,
    tls: {
      mode: 'None',
      trustedCertificates: [],
      trustedFrom: undefined,
      includeSystemRoots: false,
      serverName: undefined,
      minVersion: 'TLSv1.2',
      pinnedSha256: [],
      clientCertificate: undefined,
      ...wanted.tls,
    },
    auth: wanted.auth && {
      mechanism: 'Auto',
      username: 'user@example.com',
      secret: { kind: 'password', password },
      allowUnencrypted: false,
      from: 'Secret "login"',
      held: undefined,
      ...wanted.auth,
    },
  };
}

export interface Asked extends Wanted {
  readonly depth?: ProbeDepth;
  readonly deps?: Partial<ProbeDeps>;
}

export async function runProbe({ depth = 'Message', deps = {}, ...wanted }: Asked): Promise<ProbeReport> {
  return await probe(
    { target: makeTarget(wanted), depth },
    {
      now: Date.now,
      signal: new AbortController().signal,
      tokens: noTokens,
      ...deps,
    },
  );
}

/** A source that always gives this, and keeps what it was told to forget. */
export function tokenSource(result: TokenResult): TokenSource & { readonly forgotten: readonly string[] } {
  const forgotten: string[] = [];
  const forget = (_request: TokenRequest, accessToken: string) => void forgotten.push(accessToken);
  return Object.assign(async () => result, { forget, forgotten });
}

/** For relays without OAuth 2. */
export const noTokens: TokenSource = Object.assign(() => Promise.reject(new Error('no token is needed here')), {
  forget: () => undefined,
});
