// Which protocol a server speaks, by the first bytes that it sends.

export type Protocol = 'SMTP' | 'TLS' | 'HTTP' | 'SSH' | 'IMAP' | 'POP3' | 'FTP' | 'NNTP' | 'MySQL' | 'VNC';

export function recognizeProtocol(bytes: Buffer): Protocol | undefined {
  // A TLS record: handshake (22) or alert (21), then the version 3.x (RFC 8446 section 5.1).
  if ((bytes[0] === 0x16 || bytes[0] === 0x15) && bytes[1] === 3) return 'TLS';
  // A MySQL handshake: three bytes of length, sequence 0, protocol version 10.
  if (bytes.length > 5 && bytes[2] === 0 && bytes[3] === 0 && bytes[4] === 10) return 'MySQL';
  const text = bytes.toString('latin1');
  return signatures.find(({ pattern }) => pattern.test(text))?.protocol;
}

const signatures: readonly { readonly protocol: Protocol; readonly pattern: RegExp }[] = [
  { protocol: 'HTTP', pattern: /^(HTTP\/\d|<!doctype html|<html)/i },
  { protocol: 'SSH', pattern: /^SSH-\d/ },
  { protocol: 'IMAP', pattern: /^\* (OK|BYE|PREAUTH)\b/i },
  { protocol: 'POP3', pattern: /^(\+OK|-ERR)\b/ },
  { protocol: 'VNC', pattern: /^RFB \d/ },
  { protocol: 'FTP', pattern: /^220[ -](?!.*SMTP).*FTP/i },
  { protocol: 'NNTP', pattern: /^20[01][ -].*(NNTP|news|posting)/i },
  { protocol: 'SMTP', pattern: /^(220|421|554)[ -]/ },
];
