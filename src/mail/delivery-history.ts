// The port to the delivery history: what became of each message that left the outbox, for people who ask days later. It
// decides nothing: what is lost of it (the last seconds before a crash, or the oldest where it is full) is sent no more often.
import type { MessageIdentity } from './identity.ts';

export type DeliveryOutcome =
  /** A relay answered 250. */
  'Accepted' | 'Refused' | 'Dropped';

export interface DeliveryRecord {
  /** `messageId` of the whole identity: whoever has the address can tell that it is hers. */
  readonly id: string;
  readonly identity: Omit<MessageIdentity, 'recipient'>;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly outcome: DeliveryOutcome;
  /** `namespace/name`. */
  readonly relay: string | undefined;
  /** Why it was not accepted. */
  readonly reason: string | undefined;
  /** The server's, without the recipient's address. */
  readonly reply: string | undefined;
  /** The sandbox that took it instead. */
  readonly redirectedTo: string | undefined;
}

export interface DeliveryHistory {
  /** Written soon, together with others. */
  add(record: DeliveryRecord): void;
  /** Lets go what is too old or too much, and joins what is small. */
  tidy(): Promise<void>;
  /** What was added is written, or told as lost. */
  close(): Promise<void>;
}
