// One mail as `explain` tells of it.
import type { Key } from '../api/resource.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';

export type Outcome =
  /** A relay answered 250. */
  | 'Sent'
  | 'Waiting'
  /** It will not be tried again. */
  | 'Refused'
  | 'Dropped'
  | 'NotSent'
  | 'Upcoming';

export interface ExplainedMail {
  /** Milliseconds since the epoch; undefined where nobody kept it. */
  readonly time: number | undefined;
  readonly policy: Key;
  readonly rule: string;
  /** `namespace/name` of the account, certificate or whatever it is about; empty where only its delivery is known. */
  readonly about: string;
  readonly outcome: Outcome;
  /** Sentences: the reply of the server, or why not. */
  readonly detail: string;
  /** Of the message; undefined for one that is still to be made. */
  readonly id: string | undefined;
}

export type Fate = Pick<ExplainedMail, 'time' | 'outcome' | 'detail'>;

export function fateInOutbox({ state, deadReason, lastAttempt, notBefore, acceptedAt, attempts }: OutboxEntry): Fate {
  const reply = lastAttempt ? `${lastAttempt.relay.name}: ${lastAttempt.reply}` : undefined;
  if (state === 'Dead') {
    return {
      time: lastAttempt?.at ?? acceptedAt,
      outcome: 'Refused',
      detail: [deadReason, reply].filter(Boolean).join(': '),
    };
  }
  const tried = reply
    ? `tried ${attempts === 1 ? 'once' : `${attempts} times`}; ${reply}; next try `
    : 'in the outbox; first try ';
  return { time: acceptedAt, outcome: 'Waiting', detail: `${tried}${new Date(notBefore).toISOString()}` };
}
