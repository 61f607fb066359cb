// The Message-ID that a composed message has, with its angle brackets.

/** Undefined where its header has none. */
export function messageIdIn(raw: Buffer): string | undefined {
  const end = raw.indexOf('\r\n\r\n');
  const header = raw.toString('utf8', 0, end === -1 ? raw.length : end);
  // RFC 5322 §2.2.3: a long one may stand on the line below its name.
  return /^Message-ID:(?:\r\n)?[ \t]+(<[^<>\s]+>)/im.exec(header)?.[1];
}
