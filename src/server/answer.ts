// An answer, and its way to a client that may still be sending.
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `path` is the JSON path in the request's body. */
export function refusal(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, body: { error }, headers };
}

export interface Linger {
  readonly milliseconds: number;
  readonly bytes: number;
}

/** Resolves once nothing more is to be done for this request. */
export async function send(request: IncomingMessage, response: ServerResponse, options: Sending): Promise<void> {
  const { answer, closing, linger } = options;
  const text = `${JSON.stringify(answer.body)}\n`;
  const close = closing || !request.complete;
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(close ? { connection: 'close' } : {}),
    ...answer.headers,
  });
  if (request.complete) {
    response.end(text);
    return;
  }
  // A socket that is closed with bytes unread is reset (RFC 9112 §9.6), and the client may never see the answer.
  response.write(text);
  await drained(request, linger);
  response.end();
}

export interface Sending {
  readonly answer: Answer;
  /** The server takes no more requests. */
  readonly closing: boolean;
  readonly linger: Linger;
}

/** Throws away what the client still sends, for a while. */
function drained(request: IncomingMessage, { milliseconds, bytes }: Linger): Promise<void> {
  return new Promise((resolve) => {
    let rest = bytes;
    const timer = setTimeout(done, milliseconds);
    request.on('data', onData).on('end', done).on('close', done).on('error', done).resume();

    function onData(chunk: Buffer): void {
      rest -= chunk.length;
      if (rest < 0) done();
    }
    function done(): void {
      clearTimeout(timer);
      request.off('data', onData).pause();
      resolve();
    }
  });
}
