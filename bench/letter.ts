// The message that the bench sends: 2 KiB, each to somebody else.

export interface Letter {
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

const size = 2_048;

export function letters(count: number): Letter[] {
  return Array.from({ length: count }, (_nothing, index) => letter(`guest-${index}@example.com`, index));
}

function letter(to: string, index: number): Letter {
  const from = 'portal@example.com';
  const head = [
    `From: <${from}>`,
    `To: <${to}>`,
    `Message-ID: <${index}@example.com>`,
    'Date: Tue, 24 Nov 2026 10:00:00 +0000',
    'Subject: Your account',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    '',
  ].join('\r\n');
  const line = `${'The quick brown fox jumps over the lazy dog. '.repeat(1).padEnd(70, '.')}\r\n`;
  const body = line.repeat(Math.ceil((size - head.length) / line.length)).slice(0, size - head.length - 2);
  return { from, to, raw: Buffer.from(`${head}${body}\r\n`) };
}
