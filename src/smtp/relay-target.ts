// The one description of a relay that both probe and delivery work from, so that they cannot disagree.
import type { Mechanism, TlsMode } from '../api/smtp-relay.ts';
import type { AddressRule } from './address-rule.ts';
import type { TokenRequest } from './oauth/token-request.ts';

export interface RelayTarget {
  /** DNS name (Unicode accepted) or IP literal, as the user wrote it. */
  readonly host: string;
  readonly port: number;
  readonly addressFamily: 'Any' | 'IPv4' | 'IPv6';
  /** Milliseconds that one step may take. */
  readonly connectionTimeout: number;
  /** Milliseconds that a delivery waits for replies after the login (RFC 5321 section 4.5.3.2). */
  readonly deliveryTimeouts: DeliveryTimeouts;
  /** Says the name for EHLO, or undefined: then the local address literal is used, with a warning (RFC 5321 section 4.1.3). */
  readonly ehloName: string | undefined;
  readonly tls: TargetTls;
  readonly auth: TargetAuth | undefined;
  /** Envelope senders (MAIL FROM) in use, tried at depth Envelope and Message. */
  readonly senders: readonly string[];
  /** RCPT TO at depth Envelope and Message. */
  readonly recipient: string | undefined;
  readonly certificateWarningDays: number;
  /** Which addresses may be connected to; asked after resolution, on the very address that is then used. */
  readonly addressRule: AddressRule;
}

export interface DeliveryTimeouts {
  readonly command: number;
  /** After the final dot; a shorter wait than the server needs doubles mail. */
  readonly dataEnd: number;
}

export interface TargetTls {
  readonly mode: TlsMode;
  /** PEM certificates trusted beside (or instead of) the system's. */
  readonly trustedCertificates: readonly string[];
  /** Where `trustedCertificates` come from, for messages: `Secret "ca" key "ca.crt"`, `--ca FILE`, or undefined without any. */
  readonly trustedFrom: string | undefined;
  readonly includeSystemRoots: boolean;
  /** The name to verify and to send as SNI; undefined means the host. */
  readonly serverName: string | undefined;
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3';
  readonly pinnedSha256: readonly string[];
  readonly clientCertificate: { readonly certificate: string; readonly privateKey: string } | undefined;
}

export interface TargetAuth {
  readonly mechanism: Mechanism;
  readonly username: string;
  readonly secret:
    | { readonly kind: 'password'; readonly password: string }
    | { readonly kind: 'oauth2'; readonly token: TokenRequest };
  readonly allowUnencrypted: boolean;
  /** Where the login comes from, for remedies: `Secret "login"`, or `--username and --password-file`. */
  readonly from: string;
  /** Set after a refused login: the Auth stage then fails with this, and sends nothing, so that the account is not locked. */
  readonly held:
    | {
        readonly reason: 'AuthenticationFailed' | 'CredentialsExpired' | 'BasicAuthenticationDisabled';
        readonly message: string;
      }
    | undefined;
}
