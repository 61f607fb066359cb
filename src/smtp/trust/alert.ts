// What a TLS alert or an OpenSSL error says, by its code in Node's errors (`ERR_SSL_…`, from OpenSSL's reason strings).

export interface TlsProblem {
  readonly reason: 'ClientCertificateRejected' | 'HandshakeFailed';
  /** A clause about the server. */
  readonly what: string;
}

/** The meaning of an error once the connection is up: TLS 1.3 servers judge the client's certificate only then. */
export function alertReason({ code, message }: NodeJS.ErrnoException): TlsProblem | undefined {
  if (code === undefined || !code.startsWith('ERR_SSL_')) return undefined;
  const known = clientCertificateAlerts.find(({ part }) => code.includes(part));
  if (known) return { reason: 'ClientCertificateRejected', what: known.what };
  return { reason: 'HandshakeFailed', what: `ended the encrypted connection (${sslWords(code, message)})` };
}

/** `ERR_SSL_WRONG_VERSION_NUMBER` in lower-case words, for messages: `wrong version number`. */
export function sslWords(code: string | undefined, message: string): string {
  if (code?.startsWith('ERR_SSL_')) return code.slice('ERR_SSL_'.length).replaceAll('_', ' ').toLowerCase();
  return code ?? message.slice(0, 100);
}

const clientCertificateAlerts: readonly { readonly part: string; readonly what: string }[] = [
  { part: 'CERTIFICATE_REQUIRED', what: 'requires a client certificate' },
  { part: 'ALERT_UNKNOWN_CA', what: 'does not know the issuer of the client certificate' },
  { part: 'ALERT_BAD_CERTIFICATE', what: 'found the client certificate bad' },
  { part: 'ALERT_UNSUPPORTED_CERTIFICATE', what: 'does not take this kind of client certificate' },
  { part: 'ALERT_CERTIFICATE_EXPIRED', what: 'found the client certificate expired' },
  { part: 'ALERT_CERTIFICATE_REVOKED', what: 'found the client certificate revoked' },
  { part: 'ALERT_CERTIFICATE_UNKNOWN', what: 'did not accept the client certificate' },
  { part: 'ALERT_ACCESS_DENIED', what: 'gave the client certificate no access' },
];
