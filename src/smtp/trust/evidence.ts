// What a judgement of a server's certificates rests on, and what it finds.
import type { X509Certificate } from 'node:crypto';
import type { Reason } from '../../api/reasons.ts';
import type { Host } from '../network/host-name.ts';
import type { TargetTls } from '../relay-target.ts';

export interface Evidence {
  /** The path that counts, from the server's own certificate up; what was sent beside it is not judged. */
  readonly chain: readonly X509Certificate[];
  /** OpenSSL's error, or undefined where it trusts the chain. */
  readonly verdict: string | undefined;
  /** What the certificate must be for. */
  readonly host: Host;
  readonly tls: TargetTls;
  readonly now: number;
}

export interface Fault {
  readonly reason: Extract<Reason, `Certificate${string}` | 'HostnameMismatch'>;
  /** A sentence. */
  readonly what: string;
  readonly remedy?: string;
}
