// The port to the outbox: messages on their way. Accepting is durable, each message is there once, a settled one is gone.
import type { Key } from '../../api/resource.ts';
import type { MessageIdentity } from '../identity.ts';
import type { LedgerRecord } from '../ledger.ts';
import type { Hold } from './parked.ts';

/** Complete when it is accepted: a retry sends the same bytes. */
export interface OutboxMessage {
  /** `messageId(identity)`. */
  readonly id: string;
  readonly identity: MessageIdentity;
  readonly envelope: { readonly from: string; readonly to: string };
  /** RFC 5322, CRLF, without a DKIM signature. */
  readonly raw: Buffer;
  /** For lists; never holds a password. */
  readonly subject: string;
  /** It holds a password: only a verified, encrypted relay may take it, and its body goes as soon as it is settled. */
  readonly confidential: boolean;
  /** Milliseconds since the epoch; afterwards it is dropped. */
  readonly deliverBy: number;
  readonly acceptedAt: number;
  /** What the second look just before sending compares: the subject's end or password's mark when it was accepted. */
  readonly seen: string;
  /** Until when the ledger remembers that it was sent, milliseconds since the epoch; undefined: while the subject exists. */
  readonly rememberUntil: number | undefined;
  /** What it tells beside itself, as a digest its rows: the ledger remembers it only once the message was sent. */
  readonly tells?: readonly LedgerRecord[] | undefined;
  /** How it is sent once its policy is gone; absent: it goes with its policy. */
  readonly route?: MailRoute | undefined;
}

/** What of a policy its delivery needs, as it was when the message was accepted. */
export interface MailRoute {
  /** In the policy's order. */
  readonly relays: readonly Key[];
  /** The policy's own From; undefined: the default of its relays. */
  readonly from: string | undefined;
}

export interface Attempt {
  readonly at: number;
  readonly relay: Key;
  /** The server's reply, or what happened. */
  readonly reply: string;
}

export type RecordState = 'Waiting' | 'Leased' | 'Dead';

/** What is known of a message without its body. */
export interface OutboxEntry extends Omit<OutboxMessage, 'raw'> {
  readonly state: RecordState;
  readonly attempts: number;
  /** When it may be tried next. */
  readonly notBefore: number;
  readonly lastAttempt: Attempt | undefined;
  /** Why it is dead, one of api/reasons.ts or a drop reason. */
  readonly deadReason: string | undefined;
  readonly bytes: number;
}

export type AcceptResult =
  | { readonly kind: 'accepted' }
  /** In the outbox already, or sent before. */
  | { readonly kind: 'known' }
  | { readonly kind: 'full'; readonly message: string }
  | { readonly kind: 'unavailable'; readonly message: string };

export type Settlement =
  /** A relay answered 250 to the final dot. */
  | { readonly kind: 'accepted'; readonly attempt: Attempt }
  /**
   * Without an attempt it was given back untried (its relay is busy or the program stops). One that reached no relay is shown;
   * neither is counted.
   */
  | {
      readonly kind: 'retry';
      readonly notBefore: number;
      readonly attempt: Attempt | undefined;
      readonly unreached?: true;
    }
  | { readonly kind: 'dead'; readonly reason: string; readonly attempt: Attempt | undefined }
  /** It makes no sense any more: too late, its subject gone or changed. Remembered as little as it was sent. */
  | { readonly kind: 'dropped'; readonly reason: string };

export interface Lease {
  readonly entry: OutboxEntry;
  readonly raw: Buffer;
  /** Asked right before it is sent: false where it was taken out meanwhile, or another may have it by now. */
  isHeld(): boolean;
  /**
   * Settles this very lease; nothing happens where it ran out and another holds the message. `onWritten` may be called
   * before it lasts: from then on the end of this process would undo it no more, while a crash of the machine might.
   */
  settle(settlement: Settlement, onWritten?: () => void): Promise<'settled' | 'lost' | 'unavailable'>;
}

export interface Outbox {
  accept(message: OutboxMessage): Promise<AcceptResult>;
  /** Up to `limit` messages that may be tried now, not tried by another for `leaseFor` milliseconds. Order is not promised. */
  lease(options: {
    readonly now: number;
    readonly limit: number;
    readonly leaseFor: number;
    /**
     * Names what a message waits for that is not to be leased now. Nothing is written for it; those with one name are looked
     * at again together, whenever something is leased, and leased once their time is over.
     */
    readonly hold?: Hold;
  }): Promise<readonly Lease[]>;
  /** When the next message may be tried that nothing holds; undefined with none. */
  nextAt(): number | undefined;
  list(): Promise<readonly OutboxEntry[]>;
  /** How many messages of each rule of a policy wait or are tried now, by `ruleId`. Costs nothing, however many there are. */
  waiting(policy: Key): ReadonlyMap<string, number>;
  /** The raw message; undefined where there is none, or its body is gone. */
  read(id: string): Promise<Buffer | undefined>;
  /** Tries a waiting or dead message again at once; false where there is none, or its body is gone. */
  retry(id: string): Promise<boolean>;
  /** False where there is none. The reason is for those who listen. */
  drop(id: string, reason: string): Promise<boolean>;
  /** Called whenever there may be something new to lease. */
  onReady(listener: () => void): void;
  /** Called for what `drop` took out here, also when another process asked for it. */
  onDropped(listener: (entry: OutboxEntry, reason: string) => void): void;
  close(): Promise<void>;
}
