// What the webhook needs of the rest of the program.
import type { InboxPut } from '../store/inbox.ts';

/** `POST /v1/alarms/<namespace>/<policy>/<alarm>` */
export interface WebhookPath {
  readonly namespace: string;
  readonly policy: string;
  readonly alarm: string;
}

export type WebhookRule =
  /** Any of the tokens lets a request in; several while one is replaced. */
  | { readonly kind: 'rule'; readonly tokens: readonly string[] }
  /** The rule is there and its token is not: a sentence that names the Secret. */
  | { readonly kind: 'tokenMissing'; readonly message: string }
  | { readonly kind: 'unknown' }
  /**
   * Nobody can tell now whether there is one (policies are not listed yet, no API server answers): the sender has to try
   * again. Alertmanager takes a 401 for the last word.
   */
  | { readonly kind: 'unavailable'; readonly message: string };

export interface WebhookDeps {
  /**
   * Cached: it is asked at every request, before anything of the body is read; `anew` where the token is none of those
   * that were given before.
   */
  readonly rule: (path: WebhookPath, options?: { readonly anew: boolean }) => Promise<WebhookRule>;
  /** `Inbox.put` of an encoded `InboxRequest`. */
  readonly keep: (body: Buffer) => Promise<InboxPut>;
  readonly now: () => number;
  /** For logs, metrics and conditions; never holds a token or anything of a body. */
  readonly tell: (news: WebhookNews) => void;
}

export type WebhookNews =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Of a rule that exists and whose token was right. */
      readonly path: WebhookPath | undefined;
      /** So many alarms were accepted. */
      readonly alarms: number;
      readonly milliseconds: number;
      /** What was answered, where it is no success. */
      readonly message: string | undefined;
      /** The sender's address. */
      readonly from: string;
    }
  | { readonly kind: 'tokenMissing'; readonly path: WebhookPath; readonly message: string }
  /** The certificate's files: what is wrong with them, or that a new one is in use. */
  | { readonly kind: 'certificate'; readonly problem: string | undefined }
  | { readonly kind: 'fault'; readonly message: string };

export interface WebhookListen {
  /** An IP address, such as 127.0.0.1 or ::. */
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
}

export type StartedWebhook =
  | { readonly kind: 'listening'; readonly server: WebhookServer }
  /** A sentence: the address is in use, a file cannot be read, … */
  | { readonly kind: 'failed'; readonly message: string };

export interface WebhookServer {
  readonly address: string;
  readonly port: number;
  /** Takes no more requests and resolves once those under way are answered, after 10 s at most. */
  close(): Promise<void>;
}
