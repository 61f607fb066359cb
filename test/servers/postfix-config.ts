// The configuration files of a Postfix with Dovecot SASL that lives wholly in one directory.
import type { Issued } from '../../demo/authority.ts';

export interface PostfixOptions {
  /** What STARTTLS and implicit TLS present. */
  readonly certificate: Pick<Issued, 'chainPem' | 'privateKeyPem'>;
  /** Who may log in at the submission ports. */
  readonly logins?: readonly { readonly username: string; readonly password: string }[];
  /** What Dovecot offers; `plain login` by default. */
  readonly mechanisms?: string;
  /** Mailboxes of example.com that exist; mail for every other domain that is relayed is discarded. */
  readonly mailboxes?: readonly string[];
  /** What certain senders and recipients are answered with, such as `450 4.2.0 Greylisted`. */
  readonly senderReplies?: Readonly<Record<string, string>>;
  readonly recipientReplies?: Readonly<Record<string, string>>;
  /** Which login may use which sender address; others are refused with 553. Absent, any may use any. */
  readonly senderLogins?: Readonly<Record<string, string>>;
  /** Further settings of main.cf, such as `message_size_limit`. */
  readonly main?: Readonly<Record<string, string>>;
}

export interface Ports {
  /** As port 25: no login, STARTTLS offered. */
  readonly smtpPort: number;
  /** As port 587: STARTTLS required, and a login to relay. */
  readonly submissionPort: number;
  /** As port 465. */
  readonly smtpsPort: number;
}

export interface Place extends Ports {
  readonly directory: string;
  readonly addresses: readonly string[];
  /** Of the user that owns the mailboxes. */
  readonly uid: number;
  readonly gid: number;
}

/** Each file's text by its path below the directory. */
export function postfixFiles(options: PostfixOptions, place: Place): Readonly<Record<string, string>> {
  return {
    'postfix/main.cf': settings(mainSettings(options, place)),
    'postfix/master.cf': masterServices(place),
    'postfix/mailboxes': (options.mailboxes ?? []).map((address) => `${address} ${address}/\n`).join(''),
    'postfix/senders': pairs(options.senderReplies),
    'postfix/recipients': pairs(options.recipientReplies),
    'postfix/sender-logins': pairs(options.senderLogins),
    'certificate.pem': options.certificate.chainPem,
    'key.pem': options.certificate.privateKeyPem,
    'dovecot.conf': dovecotSettings(options, place),
    users: (options.logins ?? []).map(passwdLine).join(''),
  };
}

function mainSettings({ senderLogins, main }: PostfixOptions, { directory, uid, gid }: Place): Record<string, string> {
  return {
    compatibility_level: '3.6',
    queue_directory: `${directory}/queue`,
    data_directory: `${directory}/data`,
    maillog_file: `${directory}/mail.log`,
    maillog_file_prefixes: directory,
    inet_interfaces: 'loopback-only',
    myhostname: 'mail.example.com',
    // Nobody is trusted for the address that he comes from, and nothing leaves this machine.
    mynetworks: '192.0.2.0/24',
    default_transport: 'discard',
    smtpd_peername_lookup: 'no',
    mydestination: '',
    alias_maps: '',
    virtual_mailbox_domains: 'example.com',
    virtual_mailbox_maps: `texthash:${directory}/postfix/mailboxes`,
    virtual_mailbox_base: `${directory}/mail`,
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${gid}`,
    smtpd_tls_cert_file: `${directory}/certificate.pem`,
    smtpd_tls_key_file: `${directory}/key.pem`,
    smtpd_tls_loglevel: '1',
    smtpd_sasl_type: 'dovecot',
    smtpd_sasl_path: 'private/auth',
    smtpd_sender_login_maps: `texthash:${directory}/postfix/sender-logins`,
    // As strict as the strict ones are, so that a rude client is found out.
    strict_rfc821_envelopes: 'yes',
    smtpd_helo_required: 'yes',
    smtpd_helo_restrictions: 'reject_invalid_helo_hostname, reject_non_fqdn_helo_hostname',
    smtpd_client_restrictions: 'reject_unauth_pipelining',
    smtpd_data_restrictions: 'reject_unauth_pipelining',
    smtpd_sender_restrictions: [
      `check_sender_access texthash:${directory}/postfix/senders`,
      ...(senderLogins ? ['reject_authenticated_sender_login_mismatch'] : []),
    ].join(', '),
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject_unauth_destination',
    smtpd_recipient_restrictions: `check_recipient_access texthash:${directory}/postfix/recipients`,
    ...main,
  };
}

function masterServices({ addresses, smtpPort, submissionPort, smtpsPort }: Place): string {
  const login = ['-o smtpd_sasl_auth_enable=yes'];
  const listeners = addresses.flatMap((address) => [
    [`${address}:${smtpPort} inet n - n - - smtpd`, '-o smtpd_tls_security_level=may'],
    [`${address}:${submissionPort} inet n - n - - smtpd`, '-o smtpd_tls_security_level=encrypt', ...login],
    [`${address}:${smtpsPort} inet n - n - - smtpd`, '-o smtpd_tls_wrappermode=yes', ...login],
  ]);
  const services = `
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
proxywrite unix -       -       n       -       1       proxymap
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
virtual   unix  -       n       n       -       -       virtual
anvil     unix  -       -       n       -       1       anvil
postlog   unix-dgram n  -       n       -       1       postlogd
`;
  return `${listeners.map((lines) => lines.join('\n    ')).join('\n')}${services}`;
}

function dovecotSettings({ mechanisms = 'plain login' }: PostfixOptions, { directory }: Place): string {
  return `base_dir = ${directory}/dovecot
state_dir = ${directory}/dovecot
log_path = ${directory}/dovecot.log
protocols =
ssl = no
# Postfix alone decides whether a login may come unencrypted.
disable_plaintext_auth = no
auth_mechanisms = ${mechanisms}
# Else one wrong password makes every later login wait, up to 15 s.
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = passwd-file
  args = ${directory}/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service auth {
  unix_listener ${directory}/queue/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
`;
}

/** Base64, as a colon ends the password in this file. */
function passwdLine({ username, password }: { username: string; password: string }): string {
  return `${username}:{PLAIN.b64}${Buffer.from(password).toString('base64')}\n`;
}

function settings(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

function pairs(values: Readonly<Record<string, string>> = {}): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${value}\n`)
    .join('');
}
