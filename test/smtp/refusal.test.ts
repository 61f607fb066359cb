import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReason, type Reason } from '../../src/api/reasons.ts';
import { recognizeProvider } from '../../src/smtp/provider.ts';
import { classifyRefusal, type Refusal } from '../../src/smtp/refusal.ts';
import type { RelayTarget, TargetAuth } from '../../src/smtp/relay-target.ts';
import type { Reply } from '../../src/smtp/reply.ts';

const login: TargetAuth = {
  mechanism: 'Auto',
  username: 'alice-login',
  secret: { kind: 'password', password: 'correct horse' },
  allowUnencrypted: false,
  from: 'Secret "login"',
  held: undefined,
};

const target: RelayTarget = {
  host: 'mail.example.com',
  port: 587,
  addressFamily: 'Any',
  connectionTimeout: 1000,
  deliveryTimeouts: { command: 1000, dataEnd: 1000 },
  ehloName: 'operator.example.com',
  tls: {
    mode: 'StartTls',
    trustedCertificates: [],
    trustedFrom: undefined,
    includeSystemRoots: true,
    serverName: undefined,
    minVersion: 'TLSv1.2',
    pinnedSha256: [],
    clientCertificate: undefined,
  },
  auth: login,
  senders: [],
  recipient: undefined,
  certificateWarningDays: 21,
  addressRule: { deniedCidrs: [] },
};

/** `535-5.7.8 one\n535 5.7.8 two`, as it goes over the wire. */
function reply(wire: string): Reply {
  const lines = wire
    .split('\n')
    .map((line) => /^(\d{3})(?:[ -](?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?(.*))?$/.exec(line));
  const first = lines[0];
  return { code: Number(first?.[1]), enhancedCode: first?.[2], lines: lines.map((line) => line?.[3] ?? '') };
}

type Case = readonly [during: Refusal['during'], wire: string, reason: Reason, more?: Partial<Refusal>];

function classify([during, wire, , more]: Case) {
  return classifyRefusal({
    during,
    reply: reply(wire),
    target,
    provider: undefined,
    authenticated: false,
    encrypted: true,
    ...more,
  });
}

const plain = { encrypted: false };
const loggedIn = { authenticated: true };

const cases: Readonly<Record<string, readonly Case[]>> = {
  Postfix: [
    ['greeting', '421 4.3.2 All server ports are busy', 'RateLimited'],
    ['greeting', '421 4.7.0 mail.example.com Error: too many connections from 192.0.2.1', 'RateLimited'],
    ['greeting', '521 5.3.2 mail.example.com mail is not accepted here', 'ServiceUnavailable'],
    [
      'greeting',
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org',
      'ServiceUnavailable',
    ],
    ['ehlo', '504 5.5.2 <pod>: Helo command rejected: need fully-qualified hostname', 'EhloRejected'],
    ['starttls', '454 4.7.0 TLS not available due to local problem', 'StartTlsRejected'],
    ['auth', '535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6', 'AuthenticationFailed'],
    ['auth', '535 5.7.8 Error: authentication failed: authentication failure', 'AuthenticationFailed'],
    ['auth', '535 5.7.8 Error: authentication failed: (reason unavailable)', 'AuthenticationFailed'],
    [
      'auth',
      '454 4.7.0 Temporary authentication failure: Connection lost to authentication server',
      'AuthenticationTemporaryFailure',
    ],
    ['auth', '503 5.5.1 Error: authentication not enabled', 'AuthNotOffered'],
    ['auth', '535 5.7.8 Error: authentication failed: Invalid authentication mechanism', 'AuthenticationFailed'],
    [
      'auth',
      '538 5.7.11 Encryption required for requested authentication mechanism',
      'AuthenticationRequiresEncryption',
    ],
    ['auth', '530 5.7.0 Must issue a STARTTLS command first', 'AuthenticationRequiresEncryption', plain],
    ['mail', '530 5.7.0 Must issue a STARTTLS command first', 'EncryptionRequired', plain],
    ['mail', '530 5.7.0 Authentication required', 'AuthenticationRequired'],
    ['mail', '452 4.3.1 Insufficient system storage', 'ServiceUnavailable'],
    ['mail', '552 5.3.4 Message size exceeds fixed limit', 'MessageTooLarge'],
    ['mail', '450 4.1.8 <a@nowhere.example>: Sender address rejected: Domain not found', 'SenderRejected'],
    ['rcpt', '553 5.7.1 <a@example.com>: Sender address rejected: not owned by user bob', 'SenderRejected', loggedIn],
    ['rcpt', '553 5.7.1 <a@example.com>: Sender address rejected: not logged in', 'SenderRejected'],
    ['rcpt', '504 5.5.2 <pod>: Helo command rejected: need fully-qualified hostname', 'EhloRejected'],
    ['rcpt', '450 4.7.1 <pod.cluster.local>: Helo command rejected: Host not found', 'EhloRejected'],
    ['rcpt', '554 5.7.1 <b@example.net>: Relay access denied', 'RelayDenied'],
    ['rcpt', '454 4.7.1 <b@example.net>: Relay access denied', 'RelayDenied'],
    ['rcpt', '554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied', 'RelayDenied'],
    ['rcpt', '450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]', 'ServiceUnavailable'],
    [
      'rcpt',
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.spamcop.net',
      'ServiceUnavailable',
    ],
    [
      'rcpt',
      '450 4.2.0 <b@example.net>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/x.html',
      'Greylisted',
    ],
    ['rcpt', '450 4.7.1 <b@example.net>: Recipient address rejected: Try again in 300 seconds', 'Greylisted'],
    [
      'rcpt',
      '550 5.1.1 <b@example.net>: Recipient address rejected: User unknown in local recipient table',
      'RecipientRejected',
    ],
    ['rcpt', '550 5.1.2 <b@no.example>: Recipient address rejected: Domain not found', 'RecipientRejected'],
    ['rcpt', '501 5.1.3 Bad recipient address syntax', 'RecipientRejected'],
    ['rcpt', '450 4.1.1 <b@example.net>: Recipient address rejected: unverified address', 'MailboxUnavailable'],
    ['rcpt', '451 4.3.0 <b@example.net>: Temporary lookup failure', 'ServiceUnavailable'],
    ['rcpt', '451 4.3.5 Server configuration problem', 'ServiceUnavailable'],
    ['rcpt', '450 4.3.2 Service currently unavailable', 'ServiceUnavailable'],
    ['rcpt', '452 4.5.3 Error: too many recipients', 'RateLimited'],
    ['rcpt', '450 4.7.1 Error: too much mail from 192.0.2.1', 'RateLimited'],
    ['rcpt', '452 4.2.2 <b@example.net>: Mailbox full', 'MailboxUnavailable'],
    ['data', '554 5.5.1 Error: no valid recipients', 'RecipientRejected'],
    ['data', '503 5.5.1 Error: need RCPT command', 'ProtocolError'],
    ['dataEnd', '552 5.3.4 Error: message file too big', 'MessageTooLarge'],
    ['dataEnd', '550 5.7.1 Command rejected', 'ContentRejected'],
    ['dataEnd', '554 5.7.1 Blocked by SpamAssassin', 'ContentRejected'],
    ['dataEnd', '451 4.7.1 Greylisting in action, please come back later', 'Greylisted'],
    ['dataEnd', '451 4.3.0 Error: queue file write error', 'ServiceUnavailable'],
    ['dataEnd', '421 4.7.0 mail.example.com Error: too many errors', 'RateLimited'],
  ],
  Exim: [
    ['greeting', '421 mail.example.com: Too many concurrent SMTP connections; please try again later.', 'RateLimited'],
    ['greeting', '550 Connection rejected: 192.0.2.1 is listed at zen.spamhaus.org', 'ServiceUnavailable'],
    ['ehlo', '501 Syntactically invalid EHLO argument(s)', 'EhloRejected'],
    ['auth', '535 Incorrect authentication data', 'AuthenticationFailed'],
    ['auth', '435 Unable to authenticate at present', 'AuthenticationTemporaryFailure'],
    ['auth', '503 AUTH command used when not advertised', 'AuthNotOffered'],
    ['auth', '504 NTLM authentication mechanism not supported', 'MechanismNotOffered'],
    ['mail', '501 <a>: sender address must contain a domain', 'SenderRejected'],
    ['rcpt', '550 relay not permitted', 'RelayDenied'],
    ['rcpt', '550 Sender verify failed', 'SenderRejected'],
    ['rcpt', '550 Unrouteable address', 'RecipientRejected'],
    ['rcpt', '451 Temporary local problem - please try later', 'ServiceUnavailable'],
    [
      'rcpt',
      '550 Please turn on SMTP Authentication in your mail client. host.example [192.0.2.1]:40000 is not permitted to relay through this server without authentication.',
      'RelayDenied',
    ],
    [
      'rcpt',
      '550-Verification failed for <a@example.com>\n550-No Such User Here\n550 Sender verify failed',
      'SenderRejected',
    ],
    ['dataEnd', '552 Message size exceeds maximum permitted', 'MessageTooLarge'],
    ['dataEnd', '550 This message contains a virus (Eicar-Test-Signature).', 'ContentRejected'],
    ['mail', '552 Message size exceeds maximum permitted', 'MessageTooLarge'],
  ],
  Exchange: [
    ['greeting', '421 4.3.2 Service not available, closing transmission channel', 'ServiceUnavailable'],
    [
      'greeting',
      '421 4.3.2 The maximum number of concurrent connections has exceeded a limit, closing transmission channel',
      'RateLimited',
    ],
    ['auth', '535 5.7.3 Authentication unsuccessful', 'AuthenticationFailed'],
    ['auth', '504 5.7.4 Unrecognized authentication type', 'MechanismNotOffered'],
    ['mail', '530 5.7.1 Client was not authenticated', 'AuthenticationRequired'],
    [
      'mail',
      '530 5.7.57 SMTP; Client was not authenticated to send anonymous mail during MAIL FROM',
      'AuthenticationRequired',
    ],
    ['mail', '451 5.7.3 STARTTLS is required to send mail', 'EncryptionRequired', plain],
    ['mail', '452 4.3.1 Insufficient system resources', 'ServiceUnavailable'],
    ['rcpt', '550 5.7.1 Unable to relay', 'RelayDenied'],
    ['rcpt', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'RelayDenied'],
    ['dataEnd', '550 5.7.60 SMTP; Client does not have permissions to send as this sender', 'SenderRejected', loggedIn],
    ['mail', '550 5.7.1 Client does not have permissions to send as this sender', 'SenderRejected', loggedIn],
    ['rcpt', '550 5.1.1 User unknown', 'RecipientRejected'],
    ['dataEnd', '550 5.2.3 RESOLVER.RST.SendSizeLimit.Org; message too large for this organization', 'MessageTooLarge'],
    ['rcpt', '421 4.4.2 Message submission rate for this client has exceeded the configured limit', 'RateLimited'],
  ],
  'Microsoft 365': [
    [
      'auth',
      '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]',
      'BasicAuthenticationDisabled',
    ],
    [
      'auth',
      '535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [AM0PR01CA0001.eurprd01.prod.exchangelabs.com]',
      'BasicAuthenticationDisabled',
    ],
    [
      'auth',
      "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
      'BasicAuthenticationDisabled',
    ],
    [
      'auth',
      '535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.',
      'BasicAuthenticationDisabled',
    ],
    ['auth', '535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.', 'AuthenticationFailed'],
    ['auth', '535 5.7.139 Authentication unsuccessful, the password has expired.', 'CredentialsExpired'],
    ['auth', '550 5.7.30 Basic authentication is not supported for Client Submission.', 'BasicAuthenticationDisabled'],
    ['auth', '535 5.7.3 Authentication unsuccessful [DU2PR04CA0001.eurprd04.prod.outlook.com]', 'AuthenticationFailed'],
    [
      'mail',
      '530 5.7.57 Client not authenticated to send mail. [FR0P281CA0001.DEUP281.PROD.OUTLOOK.COM]',
      'AuthenticationRequired',
    ],
    [
      'auth',
      '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.',
      'RateLimited',
    ],
    ['dataEnd', '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded', 'RateLimited'],
    ['rcpt', '451 4.7.500 Server busy. Please try again later from [192.0.2.1].', 'RateLimited'],
    ['rcpt', '550 5.7.64 TenantAttribution; Relay Access Denied SMTP', 'RelayDenied'],
    ['rcpt', '550 5.4.1 Recipient address rejected: Access denied.', 'RecipientRejected'],
    [
      'rcpt',
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
      'RecipientRejected',
    ],
    [
      'dataEnd',
      '554 5.2.252 SendAsDenied; ise@example.com not allowed to send as guests@example.com',
      'SenderRejected',
      loggedIn,
    ],
    [
      'dataEnd',
      '554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; Failed to process message due to a permanent exception',
      'SenderRejected',
      loggedIn,
    ],
    ['dataEnd', '550 5.1.8 Access denied, bad outbound sender AS(42004)', 'SenderRejected', loggedIn],
    ['rcpt', '550 5.7.606 Access denied, banned sending IP [192.0.2.1].', 'ServiceUnavailable'],
    [
      'rcpt',
      '550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP.',
      'ServiceUnavailable',
    ],
    [
      'dataEnd',
      '550 5.7.233 Your message could not be sent because your tenant exceeded its daily limit for sending email to external recipients',
      'RateLimited',
      loggedIn,
    ],
  ],
  Google: [
    [
      'auth',
      '535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials a1-20020a - gsmtp',
      'AuthenticationFailed',
    ],
    [
      'auth',
      '534-5.7.9 Application-specific password required. For more information, go to\n534 5.7.9  https://support.google.com/mail/?p=InvalidSecondFactor a1 - gsmtp',
      'BasicAuthenticationDisabled',
    ],
    [
      'auth',
      '534-5.7.14 <https://accounts.google.com/signin/continue?x> Please log in via your web browser and then try again.\n534 5.7.14 https://support.google.com/mail/answer/78754 a1 - gsmtp',
      'AuthenticationFailed',
    ],
    ['auth', '454 4.7.0 Too many login attempts, please try again later. a1 - gsmtp', 'RateLimited'],
    [
      'auth',
      '454 4.7.0 Cannot authenticate due to temporary system problem. Try again later. a1 - gsmtp',
      'AuthenticationTemporaryFailure',
    ],
    [
      'mail',
      '530-5.7.0 Must issue a STARTTLS command first. For more information, go to\n530 5.7.0  https://support.google.com/a/answer/3221692 a1 - gsmtp',
      'EncryptionRequired',
      plain,
    ],
    [
      'mail',
      '530-5.7.0 Authentication Required. For more information, go to\n530 5.7.0  https://support.google.com/mail/?p=WantAuthError a1 - gsmtp',
      'AuthenticationRequired',
    ],
    [
      'mail',
      '530-5.5.1 Authentication Required. Learn more at\n530 5.5.1  https://support.google.com/mail/answer/14257 a1 - gsmtp',
      'AuthenticationRequired',
    ],
    [
      'ehlo',
      '421-4.7.0 Try again later, closing connection. (EHLO)\n421 4.7.0 https://support.google.com/a/answer/3221692 a1 - gsmtp',
      'EhloRejected',
    ],
    ['mail', '421 4.7.0 Try again later, closing connection. (MAIL) a1 - gsmtp', 'RateLimited'],
    [
      'rcpt',
      '450-4.2.1 The user you are trying to contact is receiving mail too quickly. Please\n450 4.2.1 resend your message at a later time.',
      'RateLimited',
    ],
    [
      'dataEnd',
      '421-4.7.28 Our system has detected an unusual rate of unsolicited mail originating\n421 4.7.28 from your IP address.',
      'RateLimited',
    ],
    [
      'mail',
      '550-5.7.1 Invalid credentials for relay [192.0.2.1]. The IP address you have registered in your Workspace SMTP Relay service does not match\n550 5.7.1 the domain of the account',
      'RelayDenied',
    ],
    ['rcpt', '550 5.7.0 Mail relay denied [192.0.2.1]. a1 - gsmtp', 'RelayDenied'],
    ['dataEnd', '550 5.4.5 Daily SMTP relay sending quota exceeded. a1 - gsmtp', 'RateLimited'],
    [
      'dataEnd',
      "550-5.7.26 Unauthenticated email from example.com is not accepted due to domain's\n550 5.7.26 DMARC policy.",
      'ContentRejected',
    ],
    [
      'dataEnd',
      '550-5.7.26 This mail has been blocked because the sender is unauthenticated.\n550 5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.',
      'ContentRejected',
    ],
    [
      'dataEnd',
      '552-5.7.0 This message was blocked because its content presents a potential\n552 5.7.0 security issue.',
      'ContentRejected',
    ],
    [
      'dataEnd',
      "552-5.3.4 Your message exceeded Google's message size limits.\n552 5.3.4 a1 - gsmtp",
      'MessageTooLarge',
    ],
    [
      'rcpt',
      '550-5.1.1 The email account that you tried to reach does not exist.\n550 5.1.1 a1 - gsmtp',
      'RecipientRejected',
    ],
    ['rcpt', "452-4.2.2 The recipient's inbox is out of storage space.\n452 4.2.2 a1 - gsmtp", 'MailboxUnavailable'],
    [
      'rcpt',
      '550-5.2.1 The email account that you tried to reach is disabled.\n550 5.2.1 a1 - gsmtp',
      'MailboxUnavailable',
    ],
    ['greeting', '421 4.7.0 Temporary System Problem. Try again later. a1 - gsmtp', 'ServiceUnavailable'],
  ],
  'Amazon SES': [
    ['greeting', '421 Too many concurrent SMTP connections', 'RateLimited'],
    ['auth', '535 Authentication Credentials Invalid', 'AuthenticationFailed'],
    ['auth', '535 Account not subscribed to SES', 'AuthenticationFailed'],
    ['auth', '454 Temporary authentication failure', 'AuthenticationTemporaryFailure'],
    ['mail', '530 Authentication required', 'AuthenticationRequired'],
    ['mail', '530 Must issue a STARTTLS command first', 'EncryptionRequired', plain],
    [
      'dataEnd',
      '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: guests@example.com',
      'SenderRejected',
      loggedIn,
    ],
    [
      'dataEnd',
      "554 Access denied: User `arn:aws:iam::111122223333:user/ses-smtp-user` is not authorized to perform `ses:SendRawEmail' on resource `x'",
      'ContentRejected',
      loggedIn,
    ],
    ['dataEnd', '454 Throttling failure: Maximum sending rate exceeded.', 'RateLimited', loggedIn],
    ['dataEnd', '454 Throttling failure: Daily message quota exceeded.', 'RateLimited', loggedIn],
    ['dataEnd', '451 Temporary service failure', 'ServiceUnavailable', loggedIn],
    ['dataEnd', '552 Message is too long.', 'MessageTooLarge', loggedIn],
    [
      'dataEnd',
      '554 Transaction failed: Address contains illegal characters in user name',
      'ContentRejected',
      loggedIn,
    ],
  ],
  Sendmail: [
    ['greeting', '554 mail.example.com ESMTP not accepting messages', 'ServiceUnavailable'],
    ['auth', '535 5.7.0 authentication failed', 'AuthenticationFailed'],
    ['auth', '454 4.3.0 Temporary authentication failure', 'AuthenticationTemporaryFailure'],
    ['mail', '553 5.1.8 <a@no.example>... Domain of sender address a@no.example does not exist', 'SenderRejected'],
    ['mail', '553 5.5.4 <a>... Domain name required for sender address a', 'SenderRejected'],
    ['mail', '451 4.1.8 Domain of sender address a@no.example does not resolve', 'SenderRejected'],
    ['rcpt', '550 5.7.1 <b@example.net>... Relaying denied. IP name lookup failed [192.0.2.1]', 'RelayDenied'],
    ['rcpt', '550 5.7.1 <b@example.net>... Relaying denied. Proper authentication required.', 'RelayDenied'],
    ['rcpt', '550 5.1.1 <b@example.net>... User unknown', 'RecipientRejected'],
    ['rcpt', '553 5.1.3 <b@>... Hostname required', 'RecipientRejected'],
    ['mail', '452 4.4.5 Insufficient disk space; try again later', 'ServiceUnavailable'],
    ['greeting', '421 4.3.2 Connection rate limit exceeded.', 'RateLimited'],
  ],
  'Dovecot, hMailServer, qmail and others': [
    ['auth', '535 5.7.8 Authentication failed.', 'AuthenticationFailed'],
    ['auth', '454 4.7.0 Temporary authentication failure. [mx:2026-11-24 10:00:00]', 'AuthenticationTemporaryFailure'],
    [
      'auth',
      '523 5.7.10 Plaintext authentication disallowed on non-secure (SSL/TLS) connections.',
      'AuthenticationRequiresEncryption',
      plain,
    ],
    ['auth', '530 A SSL/TLS-connection is required for authentication.', 'AuthenticationRequiresEncryption', plain],
    ['auth', '535 Authentication failed. Restarting authentication process.', 'AuthenticationFailed'],
    ['auth', '535 Authentication failed. Too many invalid logon attempts.', 'AuthenticationFailed'],
    ['auth', '534 5.7.9 Authentication mechanism is too weak', 'MechanismNotOffered'],
    ['auth', '432 4.7.12 A password transition is needed', 'CredentialsExpired'],
    ['auth', '535 5.7.8 Your password has expired', 'CredentialsExpired'],
    ['auth', '535 5.7.0 Your account is locked, contact the administrator', 'AuthenticationFailed'],
    ['auth', '525 5.7.13 User account disabled', 'AuthenticationFailed'],
    ['mail', '530 SMTP authentication is required.', 'AuthenticationRequired'],
    ['rcpt', '550 Delivery is not allowed to this address.', 'RelayDenied'],
    ['rcpt', "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", 'RelayDenied'],
    ['rcpt', '503 AUTH first (#5.5.1)', 'AuthenticationRequired'],
    ['rcpt', '513 Relaying denied.', 'RelayDenied'],
    ['rcpt', '450 Requested mail action not taken: mailbox unavailable', 'MailboxUnavailable'],
    ['rcpt', '552 Requested mail action aborted: exceeded storage allocation', 'MailboxUnavailable'],
    ['rcpt', '551 User not local; please try <b@example.org>', 'RecipientRejected'],
    ['rcpt', '451 4.7.1 Please try again later', 'Greylisted'],
    ['rcpt', '451 Greylisted, please try again in 180 seconds', 'Greylisted'],
    ['mail', '555 MAIL FROM/RCPT TO parameters not recognized or not implemented', 'ProtocolError'],
  ],
  'Mailgun, SendGrid, Postmark, Brevo, Zoho': [
    ['auth', '535 Authentication failed', 'AuthenticationFailed'],
    ['auth', '535 Authentication failed: Bad username / password', 'AuthenticationFailed'],
    [
      'dataEnd',
      '550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.',
      'SenderRejected',
      loggedIn,
    ],
    ['mail', '421 Domain example.com is not allowed to send: recipient limit exceeded', 'SenderRejected', loggedIn],
    ['mail', '550 5.7.1 Relaying denied', 'RelayDenied', loggedIn],
    ['auth', '525 5.7.1 Unauthorized IP address', 'ServiceUnavailable'],
    ['rcpt', '553 Sender is not allowed to relay emails', 'SenderRejected', loggedIn],
    ['auth', '451 Authentication failed: Maximum credits exceeded', 'AuthenticationTemporaryFailure'],
    ['mail', '554 Sender address is not allowed.', 'SenderRejected', loggedIn],
  ],
  'replies that are no refusal': [
    ['mail', '334 ', 'ProtocolError'],
    ['data', '250 2.0.0 Ok', 'ProtocolError'],
    ['dataEnd', '354 go ahead', 'ProtocolError'],
    ['auth', '250 Ok', 'ProtocolError'],
  ],
};

describe.each(Object.entries(cases))('classifies what is said by %s', (_server, rows) => {
  it.each(rows.map((row) => ({ row, name: `${row[0]}: ${row[1].split('\n')[0]} means ${row[2]}` })))(
    '$name',
    ({ row }) => {
      expect(classify(row).reason).toBe(row[2]);
    },
  );
});

describe('535 is a refused login whatever else it says, so that it rests', () => {
  it.each<{ text: string; reason?: Reason; advises: RegExp; more?: Partial<Refusal> }>([
    { text: 'Too many failed login attempts', advises: /Wait until the server takes logins again/ },
    { text: 'Authentication failed: too many invalid logins, rate limit', advises: /Wait until the server/ },
    { text: 'Authentication failed, your IP is on our blacklist', advises: /ask for removal/ },
    { text: 'IP blacklisted', advises: /ask for removal/ },
    { text: 'Authentication credentials invalid. Reverse DNS lookup failed', advises: /PTR record/ },
    { text: 'authentication type not supported for this user', advises: /spec\.auth\.mechanism/ },
    { text: 'authentication mechanism is too weak', advises: /spec\.auth\.mechanism/ },
    { text: 'Must issue a STARTTLS command first', advises: /spec\.tls\.mode StartTls/, more: plain },
    { text: 'Error: authentication failed: service unavailable', advises: /Correct/ },
    {
      text: 'Too many attempts, your password has expired',
      reason: 'CredentialsExpired',
      advises: /Set a new password/,
    },
    {
      text: 'SmtpClientAuthentication is disabled; too many of these',
      reason: 'BasicAuthenticationDisabled',
      advises: /^$/,
    },
    { text: 'Account locked: too many failures', advises: /unlock it/ },
  ])('$text', ({ text, reason = 'AuthenticationFailed', advises, more = {} }) => {
    for (const code of ['535', '535 5.7.8', '535 5.7.1']) {
      const failure = classify(['auth', `${code} ${text}`, reason, more]);
      expect(failure).toMatchObject({ reason, what: expect.stringContaining(text), reply: { code: 535 } });
      expect(failure.remedy ?? '').toMatch(advises);
      if (reason === 'AuthenticationFailed') expect(failure.remedy).toMatch(/Secret|administrator/);
    }
  });

  it.each(['5.7.11', '5.7.25', '5.5.3', '5.7.28', '5.7.705', '4.3.2'])('with the enhanced code %s', (enhanced) => {
    expect(classify(['auth', `535 ${enhanced} no`, 'AuthenticationFailed']).reason).toBe('AuthenticationFailed');
  });

  it('of whatever text', () => {
    const words = fc.constantFrom(
      'rate',
      'blacklist',
      'starttls',
      'mechanism',
      'not supported',
      'ptr',
      'too many',
      'x',
    );
    fc.assert(
      fc.property(fc.array(words), fc.boolean(), (text, encrypted) => {
        const { reason } = classify(['auth', `535 ${text.join(' ')}`, 'AuthenticationFailed', { encrypted }]);
        expect(['AuthenticationFailed', 'CredentialsExpired', 'BasicAuthenticationDisabled']).toContain(reason);
      }),
    );
  });

  it('any other code keeps its reason, and is told', () => {
    expect(classify(['auth', '550 5.7.1 Too many failed logins', 'RateLimited'])).toMatchObject({
      reason: 'RateLimited',
      reply: { code: 550 },
    });
  });
});

describe('what a refusal says', () => {
  it('has the reply of the server, all lines of it', () => {
    expect(
      classify([
        'rcpt',
        '550-5.1.1 The account\n550 5.1.1 does not exist.',
        'RecipientRejected',
        { address: 'b@example.net' },
      ]).what,
    ).toBe('The server refused the recipient b@example.net: 550 5.1.1 The account does not exist.');
  });

  it('says "for now" of a 4xx reply', () => {
    expect(
      classify(['auth', '454 4.7.0 Temporary authentication failure', 'AuthenticationTemporaryFailure']).what,
    ).toBe('The server refused the login for now: 454 4.7.0 Temporary authentication failure.');
  });

  it.each([
    ['the user name', '535 5.7.8 no such user alice-login'],
    ['the password', '535 5.7.8 wrong password: correct horse'],
    ['the password in base64', `535 5.7.8 wrong: ${Buffer.from('correct horse').toString('base64')}`],
    ['the response of PLAIN', `535 5.7.8 wrong: ${Buffer.from('\0alice-login\0correct horse').toString('base64')}`],
  ])('leaves out %s that the server echoes', (_what, wire) => {
    const { what } = classify(['auth', wire, 'AuthenticationFailed']);
    expect(what).toContain('<redacted>');
    expect(what).not.toMatch(/alice|horse|YWxpY2|Y29ycmVjd/);
  });

  it('keeps the words whole where a short user name is part of them', () => {
    const auth = { ...login, username: 'in' };
    const { what } = classify([
      'auth',
      '535 5.7.8 invalid login in mailbox',
      'AuthenticationFailed',
      { target: { ...target, auth } },
    ]);
    expect(what).toBe('The server refused the login: 535 5.7.8 invalid login <redacted> mailbox.');
  });

  it('keeps a sender that is also the user name', () => {
    const auth = { ...login, username: 'ise@example.com' };
    const failure = classify([
      'mail',
      '553 5.7.1 <ise@example.com>: no',
      'SenderRejected',
      { target: { ...target, auth }, address: 'ise@example.com' },
    ]);
    expect(failure.what).toBe('The server refused the sender ise@example.com: 553 5.7.1 <ise@example.com>: no.');
  });

  it('names the Secret to correct, and what the provider asks for', () => {
    const { remedy } = classify([
      'auth',
      '535 5.7.8 Username and Password not accepted.',
      'AuthenticationFailed',
      { provider: 'Google' },
    ]);
    expect(remedy).toMatch(/^Correct the keys "username" and "password" of Secret "login"\. .*app password/);
  });

  it('has the stage of the command', () => {
    const stages = (['greeting', 'ehlo', 'starttls', 'auth', 'mail', 'rcpt', 'data', 'dataEnd'] as const).map(
      (during) => classify([during, '550 no', 'SenderRejected']).stage,
    );
    expect(stages).toEqual(['Greeting', 'Ehlo', 'StartTls', 'Auth', 'Envelope', 'Envelope', 'Data', 'Data']);
  });

  it('is bounded and never throws, whatever the reply', () => {
    const replies = fc.record({
      code: fc.oneof(fc.integer({ min: 200, max: 599 }), fc.integer()),
      enhancedCode: fc.option(fc.stringMatching(/^[245]\.\d{1,3}\.\d{1,3}$/), { nil: undefined }),
      lines: fc.array(fc.string({ unit: 'binary', maxLength: 3000 }), { maxLength: 5 }),
    });
    const during = fc.constantFrom<Refusal['during']>(
      'greeting',
      'ehlo',
      'starttls',
      'auth',
      'mail',
      'rcpt',
      'data',
      'dataEnd',
    );
    fc.assert(
      fc.property(replies, during, fc.boolean(), fc.boolean(), (anyReply, step, authenticated, encrypted) => {
        const failure = classifyRefusal({
          during: step,
          reply: anyReply,
          target,
          provider: undefined,
          authenticated,
          encrypted,
        });
        expect(isReason(failure.reason)).toBe(true);
        expect(failure.what.length).toBeLessThan(600);
        expect(failure.what).not.toContain('correct horse');
      }),
      { numRuns: 500 },
    );
  });
});

describe('recognises the provider', () => {
  it.each([
    ['smtp.office365.com', [], 'Microsoft365'],
    ['example-com.mail.protection.outlook.com', [], 'Microsoft365'],
    ['smtp-relay.gmail.com', [], 'Google'],
    ['SMTP.Gmail.com.', [], 'Google'],
    ['email-smtp.eu-west-1.amazonaws.com', [], 'AmazonSes'],
    ['email-smtp-fips.us-east-1.amazonaws.com', [], 'AmazonSes'],
    [
      'relay.internal',
      ['220 AM0PR01CA0001.outlook.office365.com Microsoft ESMTP MAIL Service ready at x'],
      'Microsoft365',
    ],
    ['relay.internal', ['220 ex01.corp.local Microsoft ESMTP MAIL Service ready at x'], 'Exchange'],
    ['relay.internal', ['220 smtp-relay.gmail.com ESMTP a1 - gsmtp'], 'Google'],
    ['relay.internal', ['220 email-smtp.amazonaws.com ESMTP SimpleEmailService-d-X'], 'AmazonSes'],
    ['relay.internal', ['220 mail.example.com ESMTP Postfix (Debian/GNU)'], 'Postfix'],
    ['relay.internal', ['220 mail.example.com ESMTP Exim 4.96 Tue, 24 Nov 2026'], 'Exim'],
    ['outlook.com.example.org', ['220 hello'], undefined],
    ['notsmtp.gmail.com.evil.example', [], undefined],
    ['mail.example.com', [], undefined],
  ] as const)('%s greeting with %j is %s', (host, replies, provider) => {
    expect(recognizeProvider({ host, replies })).toBe(provider);
  });
});
