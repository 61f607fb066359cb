// A mail server that behaves, but for what a test wants otherwise.
import type { TlsOptions } from 'node:tls';
import type { Peer, Script } from './hostile-server.ts';

export interface MailScript {
  readonly greeting?: string;
  /** Without STARTTLS, which `tls` adds. */
  readonly capabilities?: readonly string[];
  /** Replies by verb, complete with line ends; a function sees the whole line. */
  readonly on?: Readonly<Record<string, string | ((line: string) => string)>>;
  /** The reply to a line that starts with no verb of an ordinary conversation, such as an answer to a challenge. */
  readonly otherwise?: () => string;
  readonly tls?: TlsOptions;
  /** TLS from the first byte. */
  readonly implicit?: boolean;
  /** Told of each message. */
  readonly onMessage?: (message: string) => void;
}

export function mailScript(options: MailScript = {}): Script {
  return async (plain) => {
    const peer = options.implicit && options.tls ? await plain.secure(options.tls) : plain;
    if (!peer) return;
    peer.send(options.greeting ?? '220 mx.example.com ESMTP\r\n');
    await converse(peer, options, options.implicit === true);
  };
}

const ordinary = ['EHLO', 'HELO', 'STARTTLS', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'RSET', 'QUIT'];

async function converse(peer: Peer, options: MailScript, encrypted: boolean): Promise<void> {
  for (;;) {
    const line = await peer.line();
    if (line === undefined) return;
    const verb = (line.split(' ')[0] ?? '').toUpperCase();
    const wanted = options.on?.[verb] ?? (ordinary.includes(verb) ? undefined : options.otherwise);
    if (wanted !== undefined) {
      const reply = typeof wanted === 'string' ? wanted : wanted(line);
      peer.send(reply);
      if (verb === 'DATA' && reply.startsWith('354')) await message(peer, options);
      continue;
    }
    if (verb === 'STARTTLS' && options.tls) {
      peer.send('220 2.0.0 go ahead\r\n');
      const secured = await peer.secure(options.tls);
      if (secured) await converse(secured, options, true);
      return;
    }
    if (verb === 'DATA') {
      peer.send('354 go on\r\n');
      await message(peer, options);
      continue;
    }
    peer.send(usualReply(verb, options, encrypted));
    if (verb === 'QUIT') {
      peer.end();
      return;
    }
  }
}

async function message(peer: Peer, { onMessage, on }: MailScript): Promise<void> {
  const lines: string[] = [];
  for (;;) {
    const line = await peer.line();
    if (line === undefined) return;
    if (line === '.') break;
    lines.push(line);
  }
  onMessage?.(lines.join('\r\n'));
  const reply = on?.['.'] ?? '250 2.0.0 queued as 4B2A\r\n';
  peer.send(typeof reply === 'string' ? reply : reply('.'));
}

function usualReply(verb: string, { capabilities = [], tls, implicit }: MailScript, encrypted: boolean): string {
  switch (verb) {
    case 'EHLO': {
      const offered = [...capabilities, ...(tls && !implicit && !encrypted ? ['STARTTLS'] : [])];
      const lines = ['mx.example.com', ...offered];
      return lines.map((line, index) => `250${index < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('');
    }
    case 'AUTH':
      return '235 2.7.0 welcome\r\n';
    case 'QUIT':
      return '221 2.0.0 bye\r\n';
    case 'STARTTLS':
      return '502 5.5.1 not implemented\r\n';
    default:
      return '250 2.0.0 fine\r\n';
  }
}
