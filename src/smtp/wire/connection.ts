// One socket that speaks SMTP: commands out, replies in. Every reply has a deadline, memory is bounded (the socket is
// paused while no reply is awaited), and no error of the socket escapes: each ends in a value.
//
//     idle ──send──► awaiting ──reply──► idle          idle ──detach──► (handed to TLS)
//                       └──closed, reset, deadline, abort, violation──► broken
import type { Socket } from 'node:net';
import type { Reply } from '../reply.ts';
import { alertReason } from '../trust/alert.ts';
import { closeSocket, closingPatience } from './close-socket.ts';
import { createLineReader } from './line-reader.ts';
import { createReplyParser } from './reply-parser.ts';
import type { Transcript } from './transcript.ts';

export interface Broken {
  readonly kind: 'broken';
  readonly reason:
    | 'ConnectionClosed'
    | 'ConnectionReset'
    | 'ReplyTimedOut'
    | 'ProtocolError'
    | 'ClientCertificateRejected'
    | 'HandshakeFailed';
  /** A clause about the server, such as `closed the connection in the middle of a reply`. */
  readonly what: string;
  /** What it sent instead of a reply. */
  readonly firstBytes: Buffer;
}

export type Answer = { readonly kind: 'reply'; readonly reply: Reply } | Broken;

export interface Connection {
  readonly socket: Socket;
  /** The next reply; within `patience` milliseconds where given, else within the connection's own time. */
  readReply(patience?: number): Promise<Answer>;
  /** Sends without awaiting a reply, so that commands can go together (RFC 2920). What stands in the way, if anything. */
  say(bytes: string | Buffer, shown: readonly string[]): Answer | undefined;
  /** All that was said has left this process. */
  readonly flushed: boolean;
  /** Sends a line and awaits its reply. `shown` is what the transcript has instead of a line with a credential. */
  command(line: string, shown?: string): Promise<Answer>;
  /** Sends text that is no command (the message), complete with its line ends. */
  content(text: string, shown: string): Promise<Answer>;
  /** Bytes received that belong to no reply that was asked for. */
  readonly unread: number;
  /** Takes the socket out, for TLS on top of it. */
  detach(): Socket;
  /** Says QUIT (unless the other side is gone, never greeted or waits for a message), awaits a moment the answer of a server that still answers, and closes. */
  quit(): Promise<void>;
  destroy(): void;
}

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly transcript: Transcript;
  /** Milliseconds for one reply. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /** Told what a server does that the standard does not allow and that was let through. */
  readonly onLenient: (what: string) => void;
}

export function openConnection({ socket, transcript, timeout, signal, onLenient }: ConnectionOptions): Connection {
  const reader = createLineReader();
  const parser = createReplyParser();
  let waiting: ((answer: Answer) => void) | undefined;
  /** Why no further reply is awaited: the other side is gone, or was given up. */
  let ended: Broken | undefined;
  let gone = false;
  let greeted = false;
  let inStep = true;
  /** From DATA to the final dot every line is the message's. */
  let inMessage = false;
  /** Replies that commands sent so far still wait for. */
  let owed = 0;
  let unflushed = 0;

  const onData = (chunk: Buffer) => {
    reader.push(chunk);
    if (waiting) deliver();
    else socket.pause();
  };
  const onEnd = () => {
    gone = true;
    signal.removeEventListener('abort', onAbort);
    ended ??= broken('ConnectionClosed', closingWords(reader.pending), reader.peek());
    deliver();
  };
  const onError = (error: NodeJS.ErrnoException) => {
    gone = true;
    signal.removeEventListener('abort', onAbort);
    ended ??= socketProblem(error, reader.peek());
    deliver();
  };
  /** Only who waits for a reply stops waiting; a reply that is here already is still read. */
  const onAbort = () => {
    if (waiting) giveUp(abortWords(signal));
  };
  // Once for all replies: a listener for each costs as much as the rest of reading it.
  signal.addEventListener('abort', onAbort);
  socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
  socket.pause();
  if (socket.destroyed) onEnd();

  /** Whether nobody waits any more. */
  function deliver(): boolean {
    if (!waiting) return true;
    const answer = nextAnswer() ?? ended;
    if (!answer) return false;
    const tell = waiting;
    waiting = undefined;
    socket.pause();
    if (answer.kind === 'broken') {
      inStep = false;
    } else {
      greeted = true;
      owed = Math.max(0, owed - 1);
      if (owed === 0 && answer.reply.code !== 354) inMessage = false;
    }
    tell(answer);
    return true;
  }

  function nextAnswer(): Answer | undefined {
    for (;;) {
      const line = reader.next();
      if (line.kind === 'more') return undefined;
      if (line.kind === 'violation') return violation(line.what);
      for (const what of line.lenient) onLenient(what);
      const parsed = parser.feed(line.bytes);
      if (parsed.kind === 'violation') return violation(parsed.what, line.bytes);
      if (parsed.kind === 'more') continue;
      for (const what of parsed.lenient) onLenient(what);
      transcript.heard(parsed.reply);
      return { kind: 'reply', reply: parsed.reply };
    }
  }

  function violation(what: string, line?: Buffer): Broken {
    transcript.note(`the server sent ${what}`);
    return broken('ProtocolError', `sent ${what}`, Buffer.from(line?.subarray(0, 64) ?? reader.peek()));
  }

  function readReply(patience = timeout): Promise<Answer> {
    return new Promise((resolve) => {
      waiting = resolve;
      if (signal.aborted) onAbort();
      // Of replies to commands that went together most are here already, and need no deadline.
      if (deliver()) return;
      const timer = setTimeout(() => giveUp(lateWords(reader.pending, patience)), patience);
      waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
      socket.resume();
    });
  }

  function giveUp(what: string): void {
    ended ??= broken('ReplyTimedOut', what, reader.peek());
    deliver();
  }

  async function write(text: string, shown: string): Promise<Answer> {
    return say(text, [shown]) ?? (await readReply());
  }

  function say(bytes: string | Buffer, shown: readonly string[]): Answer | undefined {
    const early = unasked();
    if (early) return early;
    for (const line of shown) transcript.said(line);
    unflushed += 1;
    if (socket.writable) {
      socket.write(bytes, (error) => {
        if (!error) unflushed -= 1;
      });
    }
    // What `content` sends ends with the final dot. A server that has not answered DATA may be about to take lines.
    inMessage = shown.at(-1) === 'DATA';
    owed += shown.length;
    return undefined;
  }

  /** A reply to a command that was never sent would be taken for the next one's; only 421 may come unasked (RFC 5321 section 3.8). */
  function unasked(): Answer | undefined {
    if (reader.pending === 0 || ended) return undefined;
    const answer = nextAnswer();
    if (answer?.kind === 'reply' && answer.reply.code === 421) return answer;
    if (answer?.kind === 'broken') inStep = false;
    if (!answer || answer.kind === 'broken') return answer;
    inStep = false;
    return broken('ProtocolError', 'sent more replies than it was sent commands', Buffer.alloc(0));
  }

  return {
    socket,
    readReply,
    say,
    get flushed() {
      return unflushed === 0;
    },
    command: (line, shown = line) => write(`${line}\r\n`, shown),
    content: write,
    get unread() {
      return reader.pending + socket.readableLength;
    },
    detach() {
      signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
      socket.pause();
      return socket;
    },
    async quit() {
      if (greeted && !gone && !inMessage && socket.writable) {
        transcript.said('QUIT');
        socket.write('QUIT\r\n');
        if (inStep) await readReply(Math.min(closingPatience, timeout));
      }
      await closeSocket(socket);
    },
    destroy: () => {
      socket.destroy();
    },
  };
}

function broken(reason: Broken['reason'], what: string, firstBytes: Buffer = Buffer.alloc(0)): Broken {
  return { kind: 'broken', reason, what, firstBytes: Buffer.from(firstBytes) };
}

function socketProblem(error: NodeJS.ErrnoException, firstBytes: Buffer): Broken {
  const alert = alertReason(error);
  if (alert) return broken(alert.reason, alert.what, firstBytes);
  if (error.code === 'ETIMEDOUT') return broken('ReplyTimedOut', 'no longer answers (ETIMEDOUT)', firstBytes);
  if (error.code === 'EPIPE') return broken('ConnectionClosed', 'closed the connection', firstBytes);
  return broken('ConnectionReset', `reset the connection (${error.code ?? 'unknown error'})`, firstBytes);
}

function closingWords(pending: number): string {
  return pending > 0 ? 'closed the connection in the middle of a reply' : 'closed the connection without a reply';
}

function lateWords(pending: number, patience: number): string {
  const seconds = `${patience / 1000} s`;
  return pending > 0 ? `did not complete its reply within ${seconds}` : `did not answer within ${seconds}`;
}

function abortWords(signal: AbortSignal): string {
  return typeof signal.reason === 'string' ? signal.reason : 'had not answered when the probe was stopped';
}
