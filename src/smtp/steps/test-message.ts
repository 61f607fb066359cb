// The message that depth Message sends: a real one (RFC 5322), so short and plain that no filter minds it.

export interface TestMessage {
  readonly from: string;
  readonly to: string;
  readonly endpoint: string;
  readonly now: number;
  /** Makes the Message-ID the only one of its kind. */
  readonly id: string;
}

export function testMessage({ from, to, endpoint, now, id }: TestMessage): string {
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return [
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@${domain}>`,
    `From: <${from}>`,
    `To: <${to}>`,
    'Subject: Relaykeeper test message',
    'Auto-Submitted: auto-generated', // RFC 3834: no vacation notice answers this
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Transfer-Encoding: ${/^\p{ASCII}*$/u.test(from + to) ? '7bit' : '8bit'}`,
    '',
    `Relaykeeper sent this message through ${endpoint} to see that mail gets out.`,
    'Nothing needs to be done about it.',
    '',
  ].join('\r\n');
}

/** RFC 5321 section 4.5.2, and the final dot. */
export function dotStuffed(message: string): string {
  const stuffed = message.replace(/^\./gm, '..');
  return `${stuffed}${stuffed.endsWith('\r\n') ? '' : '\r\n'}.\r\n`;
}
