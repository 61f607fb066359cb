// What delivery asks about relays. Answered by those who know the resources; delivery itself knows none.
import type { Key } from '../../api/resource.ts';
import type { LoginTurn } from '../../smtp/login-turn.ts';
import type { RelayTarget, TargetAuth } from '../../smtp/relay-target.ts';
import type { OutboxEntry } from '../outbox/outbox.ts';

export interface DeliveryRelay {
  readonly key: Key;
  /** The very description that the probe works from. */
  readonly target: RelayTarget;
  /** Changes whenever `target` does: connections that were opened before are then given up. */
  readonly revision: string;
  readonly limits: RelayLimits;
  /** Absent: every domain. */
  readonly allowedRecipientDomains: readonly string[] | undefined;
  /** Names its login for `LoginMemory`; undefined without one. */
  readonly login: string | undefined;
  /** When its spec was edited last, milliseconds since the epoch: an edit frees a login that rests. */
  readonly editedAt: number;
  /** Signs with DKIM just before sending, where the relay says so. */
  readonly sign: ((raw: Buffer) => Promise<Signed>) | undefined;
}

export interface RelayLimits {
  readonly maxConnections: number;
  /** 0: no limit. */
  readonly messagesPerMinute: number;
}

export type Signed =
  | { readonly kind: 'signed'; readonly raw: Buffer }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

export type RelayLookup =
  | { readonly kind: 'usable'; readonly relay: DeliveryRelay }
  /** It does not exist, is suspended, is not ready, lacks a Secret, or may not be used by this policy. */
  | { readonly kind: 'unusable'; readonly reason: string; readonly message: string };

export interface RelayDirectory {
  /** The policy's relay, then its fallbacks, in order. */
  relaysFor(entry: OutboxEntry): readonly Key[];
  lookUp(key: Key, entry: OutboxEntry): Promise<RelayLookup>;
}

/** Which logins rest, shared with the probe: no login is tried again and again, or accounts lock. */
export interface LoginMemory {
  /** Why the login rests now; an edit of the spec since frees it. */
  refusal(login: string, asked: { now: () => number; editedAt: number }): TargetAuth['held'];
  turn(login: string, asked: { now: () => number; editedAt: number }, signal: AbortSignal): Promise<LoginTurn>;
}
