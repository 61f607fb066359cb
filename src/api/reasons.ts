// The closed table of reasons: each a different cause with its remedy and when another try makes sense.
// Status conditions, `relaykeeper probe` and docs/troubleshooting.md all take their words from here.

/** The steps of a probe, in order (`status.lastProbe.failedStage`). */
export const stages = [
  'Resolve',
  'Connect',
  'Greeting',
  'Ehlo',
  'StartTls',
  'Tls',
  'Token',
  'Auth',
  'Envelope',
  'Data',
] as const;
export type Stage = (typeof stages)[number];

/** `later`: time may heal it. `onChange`: only an edit of the spec or of a reference can. `never`: this mail is refused for good. */
export type Retry = 'later' | 'onChange' | 'never';

export interface ReasonEntry {
  /** Where it is found; `Conversation` is any stage after Connect. */
  readonly at: Stage | 'Conversation' | 'References' | 'Spec';
  /** What is the matter, a sentence. */
  readonly cause: string;
  /** What to do about it, where nothing more exact is known. */
  readonly remedy: string;
  readonly retry: Retry;
}

export const reasons = {
  HostNotFound: {
    at: 'Resolve',
    cause: 'The host name does not exist in DNS.',
    remedy: 'Correct spec.host, or create the DNS record.',
    retry: 'later',
  },
  ResolverUnavailable: {
    at: 'Resolve',
    cause: 'The DNS resolver did not answer, or answered that it could not help.',
    remedy: 'Check the DNS service that the operator uses (in a cluster: CoreDNS and NetworkPolicies on port 53).',
    retry: 'later',
  },
  NoUsableAddress: {
    at: 'Resolve',
    cause: 'The host name exists but has no address of the family that may be used.',
    remedy: 'Add an A or AAAA record, or change spec.addressFamily.',
    retry: 'later',
  },
  AddressNotAllowed: {
    at: 'Resolve',
    cause: 'The host resolves to an address that the operator may not connect to.',
    remedy:
      'Use a host outside the denied ranges, or let an administrator change --denied-cidrs (or, for local addresses, set --allow-local-addresses).',
    retry: 'onChange',
  },
  ConnectionRefused: {
    at: 'Connect',
    cause: 'The host answered that nothing listens on the port.',
    remedy:
      'Check spec.port: 587 is usual for STARTTLS, 465 for implicit TLS, 25 between servers; and that the server runs.',
    retry: 'later',
  },
  ConnectionTimedOut: {
    at: 'Connect',
    cause: 'The host did not answer the connection in time.',
    remedy:
      'Check firewalls, NetworkPolicies and security groups for outbound TCP to this port; many clouds block port 25.',
    retry: 'later',
  },
  NetworkUnreachable: {
    at: 'Connect',
    cause: 'There is no route to the host.',
    remedy: 'Check the routes of the node or pod; for an IPv6 address without IPv6 set spec.addressFamily to IPv4.',
    retry: 'later',
  },
  ConnectionReset: {
    at: 'Conversation',
    cause: 'The connection was reset by the other side or by something between.',
    remedy: 'Check the server log and any firewall or proxy between that inspects SMTP.',
    retry: 'later',
  },
  ConnectionClosed: {
    at: 'Conversation',
    cause: 'The server closed the connection without a word.',
    remedy: 'Check the server log at this time; it may limit connections or refuse this client address.',
    retry: 'later',
  },
  ReplyTimedOut: {
    at: 'Conversation',
    cause: 'The server did not answer a command in time.',
    remedy: 'Check the load of the server, or raise spec.connectionTimeout.',
    retry: 'later',
  },
  ProtocolError: {
    at: 'Conversation',
    cause: 'What the server sent is no SMTP reply: too long, never ending or malformed.',
    remedy: 'Check that host and port are those of a mail server, and what stands between.',
    retry: 'later',
  },
  NotAnSmtpServer: {
    at: 'Greeting',
    cause: 'The port speaks another protocol than SMTP.',
    remedy: 'Correct spec.port: 587 is usual for STARTTLS, 465 for implicit TLS, 25 between servers.',
    retry: 'later',
  },
  ServiceUnavailable: {
    at: 'Greeting',
    cause: 'The server says that it takes no mail now, or none from this client (421, 554).',
    remedy: 'Read the reply; check that the server accepts connections from the operator and is not overloaded.',
    retry: 'later',
  },
  GreetingTimedOut: {
    at: 'Greeting',
    cause: 'The server accepted the connection but sent no greeting in time.',
    remedy: 'Raise spec.connectionTimeout if the server greets slowly on purpose; else check the server.',
    retry: 'later',
  },
  ImplicitTlsExpected: {
    at: 'Greeting',
    cause: 'The port expects TLS from the first byte, but spec.tls.mode starts in plain text.',
    remedy: 'Set spec.tls.mode to Implicit, or spec.port to the STARTTLS port (usually 587).',
    retry: 'onChange',
  },
  EhloRejected: {
    at: 'Ehlo',
    cause: 'The server refused EHLO and HELO.',
    remedy: 'Set spec.ehloName to a fully qualified name that resolves to the address the operator connects from.',
    retry: 'later',
  },
  StartTlsNotOffered: {
    at: 'StartTls',
    cause: 'The server does not offer STARTTLS.',
    remedy:
      'Switch STARTTLS on at the server; or set spec.tls.mode to Implicit (port 465), or to None only where plain text is acceptable.',
    retry: 'later',
  },
  StartTlsRejected: {
    at: 'StartTls',
    cause: 'The server offers STARTTLS but refused the command.',
    remedy: 'Check the TLS certificate and key of the server; its log says why TLS is not available.',
    retry: 'later',
  },
  StartTlsInjection: {
    at: 'StartTls',
    cause:
      'Plain-text bytes followed the reply to STARTTLS before the handshake (CVE-2011-0411): someone may be tampering with the connection.',
    remedy: 'Update the mail server, and find out what stands between it and the operator.',
    retry: 'later',
  },
  PlaintextExpected: {
    at: 'Tls',
    cause: 'The port speaks plain text first, but spec.tls.mode is Implicit.',
    remedy: 'Set spec.tls.mode to StartTls, or spec.port to the implicit TLS port (usually 465).',
    retry: 'onChange',
  },
  CertificateUntrusted: {
    at: 'Tls',
    cause:
      'The certificate of the server was issued by an authority that is not trusted here, or an intermediate certificate is missing.',
    remedy:
      'Put the certificate of the issuing CA into the Secret or ConfigMap of spec.tls.caSecretRef or caConfigMapRef; if an intermediate is missing, install the full chain on the server.',
    retry: 'onChange',
  },
  CertificateSelfSigned: {
    at: 'Tls',
    cause: 'The certificate of the server is self-signed and not among the trusted ones.',
    remedy: 'Put that certificate into the Secret of spec.tls.caSecretRef, or give the server one from a CA.',
    retry: 'onChange',
  },
  CertificateExpired: {
    at: 'Tls',
    cause: 'A certificate that the server presents has expired.',
    remedy: 'Renew the certificate on the mail server and reload it.',
    retry: 'later',
  },
  CertificateNotYetValid: {
    at: 'Tls',
    cause: 'A certificate that the server presents is not valid yet.',
    remedy: 'Check the clocks of server and operator, or wait until it becomes valid.',
    retry: 'later',
  },
  HostnameMismatch: {
    at: 'Tls',
    cause:
      'The certificate is for other names than the one connected to (RFC 9525: only subject alternative names count).',
    remedy:
      'Set spec.host, or spec.tls.serverName, to a name in the certificate, or give the server a certificate with this name.',
    retry: 'onChange',
  },
  CertificateUnsuitable: {
    at: 'Tls',
    cause: 'The certificate may not serve for this: its purpose, key or signature does not suffice.',
    remedy:
      'Give the server a certificate for server authentication with an RSA key of 2048 bits or an EC key, signed with SHA-256 or better.',
    retry: 'later',
  },
  CertificatePinMismatch: {
    at: 'Tls',
    cause: 'No certificate in the chain has a public key of spec.tls.pinnedSha256.',
    remedy:
      'If the key was changed on purpose, add its fingerprint to spec.tls.pinnedSha256; else find out who answers.',
    retry: 'onChange',
  },
  ProtocolVersionUnsupported: {
    at: 'Tls',
    cause: 'Server and operator have no TLS version in common.',
    remedy: 'Let the server speak TLS 1.2 or newer, or lower spec.tls.minVersion to TLS1.2.',
    retry: 'later',
  },
  ClientCertificateRejected: {
    at: 'Tls',
    cause: 'The server requires a client certificate, or refused the one presented.',
    remedy: 'Set spec.tls.clientCertificateSecretRef to a certificate that the server trusts.',
    retry: 'onChange',
  },
  HandshakeTimedOut: {
    at: 'Tls',
    cause: 'The TLS handshake did not end in time.',
    remedy: 'Check the load of the server and what stands between; raise spec.connectionTimeout if it is only slow.',
    retry: 'later',
  },
  HandshakeFailed: {
    at: 'Tls',
    cause: 'The TLS handshake failed.',
    remedy: 'Check the TLS settings of the server (versions, cipher suites, key).',
    retry: 'later',
  },
  TokenRequestFailed: {
    at: 'Token',
    cause: 'The token endpoint could not be reached or answered with an error of its own.',
    remedy: 'Check spec.auth.oauth2.tokenUrl and that the operator may reach it over HTTPS.',
    retry: 'later',
  },
  TokenRejected: {
    at: 'Token',
    cause: 'The identity provider refused to issue a token.',
    remedy: 'Check clientId, scopes and the Secret of spec.auth.oauth2, and the consent given to the application.',
    retry: 'onChange',
  },
  AuthNotOffered: {
    at: 'Auth',
    cause: 'The server offers no login on this connection.',
    remedy:
      'Use the submission port (587 or 465), or remove spec.auth if the server lets this client in without login.',
    retry: 'later',
  },
  MechanismNotOffered: {
    at: 'Auth',
    cause: 'The server offers no login mechanism that may be used.',
    remedy: 'Set spec.auth.mechanism to one that the server offers, or switch PLAIN or LOGIN on at the server.',
    retry: 'later',
  },
  AuthenticationFailed: {
    at: 'Auth',
    cause: 'The server refused user name or password.',
    remedy: 'Correct username and password in the Secret of spec.auth.secretRef.',
    retry: 'onChange',
  },
  AuthenticationTemporaryFailure: {
    at: 'Auth',
    cause: 'The server could not check the login just now (454).',
    remedy: 'Check the authentication backend of the mail server (LDAP, SQL, Dovecot).',
    retry: 'later',
  },
  AuthenticationRequiresEncryption: {
    at: 'Auth',
    cause: 'The login would go over a connection that is not encrypted, or whose server is not verified.',
    remedy:
      'Set spec.tls.mode to StartTls or Implicit; only where the network is trusted set spec.auth.allowUnencrypted.',
    retry: 'onChange',
  },
  CredentialsExpired: {
    at: 'Auth',
    cause: 'The password has expired or must be changed.',
    remedy: 'Set a new password at the provider and put it into the Secret of spec.auth.secretRef.',
    retry: 'onChange',
  },
  BasicAuthenticationDisabled: {
    at: 'Auth',
    cause: 'The provider has switched off login by password for this mailbox or tenant.',
    remedy: 'Use spec.auth.oauth2 with mechanism XOAuth2, or let an administrator allow SMTP AUTH for this mailbox.',
    retry: 'onChange',
  },
  EncryptionRequired: {
    at: 'Envelope',
    cause: 'The server takes mail only over an encrypted connection.',
    remedy: 'Set spec.tls.mode to StartTls, or to Implicit with the port for it (usually 465).',
    retry: 'onChange',
  },
  AuthenticationRequired: {
    at: 'Envelope',
    cause: 'The server takes mail only after login (530).',
    remedy: 'Set spec.auth with a login for this server.',
    retry: 'onChange',
  },
  SenderRejected: {
    at: 'Envelope',
    cause: 'The server refused the sender address.',
    remedy: 'Use a sender that this login may send as, or let the server allow it.',
    retry: 'later',
  },
  RecipientRejected: {
    at: 'Envelope',
    cause: 'The server refused the recipient address.',
    remedy: 'Check the address.',
    retry: 'never',
  },
  RelayDenied: {
    at: 'Envelope',
    cause: 'The server does not relay mail for this client to this recipient.',
    remedy: 'Log in (spec.auth), or let the server relay for the address that the operator connects from.',
    retry: 'later',
  },
  MessageTooLarge: {
    at: 'Envelope',
    cause: 'The message is larger than the server takes.',
    remedy: 'Raise the limit of the server, or send less.',
    retry: 'never',
  },
  MailboxUnavailable: {
    at: 'Envelope',
    cause: 'The mailbox of the recipient cannot take mail now.',
    remedy: 'Check the mailbox: it may be full, locked or missing.',
    retry: 'later',
  },
  RateLimited: {
    at: 'Envelope',
    cause: 'The server says that too much was sent or tried.',
    remedy: 'Lower spec.limits, lengthen spec.probe.interval, or let the server allow more.',
    retry: 'later',
  },
  Greylisted: {
    at: 'Envelope',
    cause: 'The server puts off unknown senders for a while (greylisting).',
    remedy: 'Wait, or let the server exempt the operator from greylisting.',
    retry: 'later',
  },
  ContentRejected: {
    at: 'Data',
    cause: 'The server refused the message for its content or for policy.',
    remedy: 'Read the reply; check SPF, DKIM and DMARC of the sender domain and the content filter of the server.',
    retry: 'later',
  },
  SecretNotFound: {
    at: 'References',
    cause: 'A Secret that the spec names does not exist.',
    remedy: 'Create the Secret in the namespace of the relay, or correct the name; it is used as soon as it is there.',
    retry: 'later',
  },
  ConfigMapNotFound: {
    at: 'References',
    cause: 'A ConfigMap that the spec names does not exist.',
    remedy:
      'Create the ConfigMap in the namespace of the relay, or correct the name; it is used as soon as it is there.',
    retry: 'later',
  },
  RelayNotFound: {
    at: 'References',
    cause: 'An SmtpRelay that a policy names does not exist.',
    remedy: 'Create the SmtpRelay, or correct name and namespace; it is used as soon as it is there.',
    retry: 'later',
  },
  SecretKeyMissing: {
    at: 'References',
    cause: 'A referenced Secret or ConfigMap lacks a key, or the key is empty.',
    remedy: 'Add the key with its value.',
    retry: 'onChange',
  },
  SecretTypeNotAllowed: {
    at: 'References',
    cause: 'A referenced Secret has another type than this use asks for.',
    remedy: 'Create the Secret anew with the right type; the type of a Secret cannot be changed.',
    retry: 'onChange',
  },
  SecretValueInvalid: {
    at: 'References',
    cause: 'A value of a referenced Secret is none that can be used, such as a password with a line break in it.',
    remedy: 'Store the value again, exactly as it was issued.',
    retry: 'onChange',
  },
  CertificateUnparsable: {
    at: 'References',
    cause: 'What should be a PEM certificate is none.',
    remedy: 'Put certificates in PEM form (-----BEGIN CERTIFICATE-----) under the key.',
    retry: 'onChange',
  },
  PrivateKeyUnparsable: {
    at: 'References',
    cause: 'What should be a PEM private key is none, or does not fit its certificate.',
    remedy: 'Put the unencrypted private key in PEM form under the key.',
    retry: 'onChange',
  },
  ReferenceNotAllowed: {
    at: 'References',
    cause: 'The spec refers to something that it may not use.',
    remedy: 'Use one that is allowed, or let the administrator allow this one.',
    retry: 'onChange',
  },
  AccessDenied: {
    at: 'References',
    cause: 'The operator lacks the permission to read what the spec refers to.',
    remedy: 'Grant that verb on that resource there to the service account of the operator (a Role and a RoleBinding).',
    retry: 'later',
  },
  SchemaInvalid: {
    at: 'Spec',
    cause: 'The spec does not follow the schema.',
    remedy: 'Correct the field that the message names.',
    retry: 'onChange',
  },
  CombinationInvalid: {
    at: 'Spec',
    cause: 'Fields of the spec do not go together.',
    remedy: 'Correct the fields that the message names.',
    retry: 'onChange',
  },
} as const satisfies Record<string, ReasonEntry>;

/** Why something does not work; `Succeeded` and states without a failure are not among these. */
export type Reason = keyof typeof reasons;

export function isReason(text: string): text is Reason {
  return Object.hasOwn(reasons, text);
}
