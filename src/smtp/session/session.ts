// What a session is to those who send through it.
import type { Failure } from '../failure.ts';
import type { Reply } from '../reply.ts';

export interface SessionMessage {
  /** MAIL FROM; empty for the null reverse-path. */
  readonly from: string;
  readonly recipients: readonly string[];
  /** RFC 5322; line ends are made CRLF, dots are stuffed here. */
  readonly raw: Buffer;
  /** A header field holds UTF-8 (RFC 6532), so that SMTPUTF8 is needed whatever the addresses are. */
  readonly smtpUtf8: boolean;
  /** RFC 3461's ENVID: comes back in a bounce. */
  readonly envelopeId?: string;
}

export interface SendLimits {
  /** Milliseconds since the epoch until when the server must have asked for the message; later it is not sent any more. */
  readonly dataBy?: number;
}

export type RecipientResult =
  | { readonly to: string; readonly outcome: 'accepted'; readonly reply: Reply }
  | {
      readonly to: string;
      /**
       * `deferred`: not taken now (4xx, or the connection was lost before the final dot). `refused`: never (5xx, or what
       * this server cannot take). `unknown`: lost between the final dot and its reply, so that a retry may double.
       */
      readonly outcome: 'deferred' | 'refused' | 'unknown';
      readonly failure: Failure;
    };

export interface SendResult {
  /** One for each recipient, in their order. */
  readonly recipients: readonly RecipientResult[];
  /** The server never answered MAIL, or with 421: another connection or relay may be tried. */
  readonly untouched: boolean;
}

export interface Session {
  /** How far the other side is known. */
  readonly link: 'plain' | 'unverified' | 'verified';
  /** Nothing can be sent any more. */
  readonly ended: boolean;
  /** One message at a time. Never rejects. */
  send(message: SessionMessage, limits?: SendLimits): Promise<SendResult>;
  /** Says QUIT, waits a moment for the answer, and closes. */
  close(): Promise<void>;
}
