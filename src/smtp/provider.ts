// Which mail provider or server software answers, as far as host name and replies show it, and its own remedies.
import type { Reason } from '../api/reasons.ts';

export type Provider = 'Microsoft365' | 'Google' | 'AmazonSes' | 'Exchange' | 'Postfix' | 'Exim';

/** `replies` are texts of the conversation, the greeting first. The host name counts for more than what is said. */
export function recognizeProvider({
  host,
  replies,
}: {
  host: string;
  replies: readonly string[];
}): Provider | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const byHost = hosts.find(({ pattern }) => pattern.test(name));
  if (byHost) return byHost.provider;
  return banners.find(({ pattern }) => replies.some((reply) => pattern.test(reply)))?.provider;
}

/** What that provider asks for, more exact than the table's remedy; undefined where it is no different. */
export function providerRemedy(provider: Provider, reason: Reason): string | undefined {
  return remedies[provider][reason];
}

const hosts: readonly { readonly pattern: RegExp; readonly provider: Provider }[] = [
  { pattern: /(^|\.)smtp\.(office365\.com|partner\.outlook\.cn)$/, provider: 'Microsoft365' },
  {
    pattern: /(^|\.)(smtp-mail\.outlook\.com|mail\.protection\.(outlook\.com|partner\.outlook\.cn))$/,
    provider: 'Microsoft365',
  },
  { pattern: /\.mx\.microsoft$|\.outlook\.com$|\.office365\.us$/, provider: 'Microsoft365' },
  { pattern: /(^|\.)(smtp|smtp-relay|aspmx\.l|gmail-smtp-in\.l)\.(gmail|google|googlemail)\.com$/, provider: 'Google' },
  { pattern: /^email-smtp(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/, provider: 'AmazonSes' },
];

/** The order matters: Microsoft 365 greets with Exchange's words too. */
const banners: readonly { readonly pattern: RegExp; readonly provider: Provider }[] = [
  {
    pattern: /\.(outlook|office365|exchangelabs)\.com\b.*Microsoft ESMTP|\.prod\.outlook\.com\b/i,
    provider: 'Microsoft365',
  },
  { pattern: /\bgsmtp\b|\bmx\.google\.com ESMTP|smtp(-relay)?\.g(mail|oogle)\.com\b/i, provider: 'Google' },
  {
    pattern: /\bemail-smtp\.(amazonaws\.com|[a-z0-9-]+\.amazonaws\.com)|ESMTP SimpleEmailService/i,
    provider: 'AmazonSes',
  },
  { pattern: /Microsoft ESMTP MAIL Service/i, provider: 'Exchange' },
  { pattern: /ESMTP Postfix\b/i, provider: 'Postfix' },
  { pattern: /ESMTP Exim\b/i, provider: 'Exim' },
];

const exchangeOnlineOAuth =
  'Use spec.auth.oauth2 with mechanism XOAuth2 (grant ClientCredentials, scope https://outlook.office365.com/.default): an Entra application with the permission SMTP.SendAsApp, its service principal registered with New-ServicePrincipal and given the mailbox with Add-MailboxPermission.';

const googleAppPassword =
  'Use an app password of this account (https://myaccount.google.com/apppasswords, needs two-step verification), or spec.auth.oauth2 with mechanism XOAuth2.';

const remedies: Readonly<Record<Provider, Readonly<Partial<Record<Reason, string>>>>> = {
  Microsoft365: {
    BasicAuthenticationDisabled: `${exchangeOnlineOAuth} Or, as long as Microsoft takes passwords at all, let an administrator run Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled $false (for the tenant: Set-TransportConfig -SmtpClientAuthenticationDisabled $false) and exempt the mailbox from security defaults.`,
    AuthenticationFailed:
      'Exchange Online answers so for a wrong password, for an account with multi-factor authentication, for SMTP AUTH switched off (Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled $false), and with OAuth 2 for an application without SMTP.SendAsApp or without Add-MailboxPermission on the mailbox.',
    AuthNotOffered: 'Exchange Online offers AUTH at smtp.office365.com, port 587, with spec.tls.mode StartTls.',
    AuthenticationRequired:
      'Log in (spec.auth) at smtp.office365.com:587, or send through the MX host of the tenant on port 25 with an inbound connector for the address that the operator connects from.',
    SenderRejected:
      'Let the mailbox that logs in send as this sender: Add-RecipientPermission SENDER -Trustee MAILBOX -AccessRights SendAs; or set spec.sender.address to that mailbox.',
    RelayDenied:
      'Create an inbound connector of type OnPremises in Exchange Online for the address (or certificate) that the operator connects with, and use an accepted domain as sender; or log in at smtp.office365.com:587.',
    RateLimited:
      'Exchange Online takes 3 connections at once and 30 messages a minute from one mailbox: set spec.limits.maxConnections to 3 and messagesPerMinute to 30.',
    ServiceUnavailable:
      'If the address that the operator connects from is blocked, ask for its removal at https://sender.office.com, or log in at smtp.office365.com:587.',
    ConnectionTimedOut: 'Use smtp.office365.com with port 587: many networks block port 25.',
  },
  Google: {
    BasicAuthenticationDisabled: googleAppPassword,
    AuthenticationFailed: googleAppPassword,
    CredentialsExpired: googleAppPassword,
    AuthenticationRequired:
      "Log in (spec.auth) at smtp.gmail.com, or use smtp-relay.gmail.com and let a Workspace administrator add the operator's public address under Apps > Google Workspace > Gmail > Routing > SMTP relay service.",
    RelayDenied:
      "Let a Workspace administrator add the operator's public address under Apps > Google Workspace > Gmail > Routing > SMTP relay service, with a sender of a domain of that Workspace; or log in (spec.auth).",
    SenderRejected:
      'Use the account that logs in as sender, or add the sender there under Settings > Accounts > Send mail as; smtp-relay.gmail.com takes the domains that its SMTP relay service allows.',
    EhloRejected:
      'Google refuses names such as localhost at smtp-relay.gmail.com: set spec.ehloName to a domain of the Workspace or to the fully qualified name of the address that the operator connects from.',
    RateLimited:
      'Gmail takes 500 messages a day from a free account and 2,000 from a Workspace user; smtp-relay.gmail.com takes more. Lower spec.limits.messagesPerMinute, and lengthen spec.probe.interval after too many logins.',
    ConnectionTimedOut: 'Use port 587 with spec.tls.mode StartTls, or 465 with Implicit: many networks block port 25.',
  },
  AmazonSes: {
    AuthenticationFailed:
      'Amazon SES wants SMTP credentials, which are not the access key of IAM, and which are for one region: create them in the SES console under SMTP settings, in the region of spec.host.',
    SenderRejected:
      'Verify the sender address or its domain in the SES console, in the region of spec.host; in the sandbox every recipient must be verified too, until production access is granted.',
    ContentRejected:
      'The IAM user of the SMTP credentials needs ses:SendRawEmail on the identity of the sender; in the sandbox every recipient must be verified too.',
    RateLimited:
      'The account has reached its sending rate or daily quota: lower spec.limits.messagesPerMinute, or ask for more in the SES console under Account dashboard.',
    AuthNotOffered:
      'Amazon SES offers AUTH only inside TLS: ports 587 and 2587 with spec.tls.mode StartTls, 465 and 2465 with Implicit.',
    ConnectionTimedOut: 'Amazon EC2 blocks port 25: use 587 or 2587 with spec.tls.mode StartTls.',
  },
  Exchange: {
    AuthenticationRequired:
      'Log in (spec.auth), or let an administrator allow the operator on a receive connector: Set-ReceiveConnector NAME -RemoteIPRanges ADDRESS -PermissionGroups AnonymousUsers.',
    RelayDenied:
      'Log in (spec.auth), or let an administrator grant relaying on the receive connector: Get-ReceiveConnector NAME | Add-ADPermission -User "NT AUTHORITY\\ANONYMOUS LOGON" -ExtendedRights Ms-Exch-SMTP-Accept-Any-Recipient.',
    SenderRejected:
      'Let the account that logs in send as this sender: Add-ADPermission -Identity SENDER -User ACCOUNT -ExtendedRights "Send As"; or set spec.sender.address to its own mailbox.',
    AuthenticationFailed:
      'Exchange takes DOMAIN\\user or user@domain as user name; the mailbox must not be locked or have a password that has to be changed.',
    AuthNotOffered:
      'Tick "Basic authentication" on the receive connector (Set-ReceiveConnector NAME -AuthMechanism Tls,BasicAuth,BasicAuthRequireTLS), or use the client connector on port 587.',
    MechanismNotOffered:
      'Tick "Basic authentication" on the receive connector (Set-ReceiveConnector NAME -AuthMechanism Tls,BasicAuth,BasicAuthRequireTLS): NTLM and GSSAPI are not supported.',
    MessageTooLarge: 'Raise MaxMessageSize of the receive connector (Set-ReceiveConnector NAME -MaxMessageSize 25MB).',
    RateLimited:
      'Raise MessageRateLimit or MaxInboundConnectionPerSource of the receive connector, or lower spec.limits.',
  },
  Postfix: {
    RelayDenied:
      'Log in (spec.auth), or add the address that the operator connects from to mynetworks in main.cf of the server.',
    SenderRejected: 'Let smtpd_sender_login_maps of the server give this sender to the login, or correct the sender.',
    AuthNotOffered:
      'Set smtpd_sasl_auth_enable = yes on the server; with smtpd_tls_auth_only = yes it is offered only inside TLS (spec.tls.mode StartTls).',
    MessageTooLarge: 'Raise message_size_limit in main.cf of the server.',
    AuthenticationTemporaryFailure: 'Check that smtpd_sasl_path of the server leads to a running Dovecot or saslauthd.',
  },
  Exim: {
    RelayDenied:
      'Log in (spec.auth), or add the address that the operator connects from to relay_from_hosts (Debian: dc_relay_nets) of the server.',
    AuthNotOffered:
      'Define an authenticator with public_name PLAIN or LOGIN on the server; auth_advertise_hosts often has it offered only inside TLS (spec.tls.mode StartTls).',
    MessageTooLarge: 'Raise message_size_limit in the configuration of the server.',
  },
};
