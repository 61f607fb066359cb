// What the webhook needs of the rest of the program.
import type { WebhookPath, WebhookRules } from '../policies/alarms/webhook-rules.ts';
import type { InboxPut } from '../store/inbox.ts';

export interface WebhookDeps {
  /**
   * Cached: it is asked at every request, before anything of the body is read; `anew` where the token is none of those
   * that were given before.
   */
  readonly rule: WebhookRules;
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
