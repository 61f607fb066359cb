// What one answer of the server means for the message, and whether the session can go on after it.
import { brokenOff, type Conversation, failure } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import type { RefusedStep } from '../refusals/rule.ts';
import type { Reply } from '../reply.ts';
import { refused } from '../steps/refused.ts';
import type { Answer, Connection } from '../wire/connection.ts';

export interface SessionState {
  ended: boolean;
  /** MAIL was accepted and nothing ended it: RSET comes before the next. */
  transactionOpen: boolean;
}

export interface Transaction {
  readonly conversation: Conversation;
  readonly connection: Connection;
  readonly state: SessionState;
  readonly dataBy: number | undefined;
}

export type Verdict =
  | { readonly kind: 'taken'; readonly reply: Reply }
  | { readonly kind: 'not'; readonly outcome: 'deferred' | 'refused' | 'unknown'; readonly failure: Failure };

export interface Asked {
  readonly step: RefusedStep;
  readonly name: string;
  readonly address?: string;
}

export function judge({ conversation, state }: Transaction, { step, name, address }: Asked, answer: Answer): Verdict {
  const stage = step === 'data' || step === 'dataEnd' ? 'Data' : 'Envelope';
  if (answer.kind === 'broken') {
    state.ended = true;
    return { kind: 'not', outcome: 'deferred', failure: brokenOff(stage, answer, `the reply to ${name}`) };
  }
  const { reply } = answer;
  const expected = step === 'data' ? 354 : 250;
  // RFC 5321 section 4.2: what is not known of a code is told by its first digit.
  if (step === 'data' ? reply.code === 354 : reply.code >= 200 && reply.code < 300) return { kind: 'taken', reply };
  const why = refused(conversation, {
    stage,
    during: step,
    reply,
    command: name,
    expected,
    ...(address === undefined ? {} : { address }),
  });
  // After 421 the server hangs up (RFC 5321 section 3.8); after an answer out of place nobody knows which one comes next.
  if (reply.code === 421 || reply.code < 400) state.ended = true;
  return { kind: 'not', outcome: reply.code >= 500 ? 'refused' : 'deferred', failure: why };
}

/** For a command that was not said, because an earlier answer had made it pointless. */
export function pointless(earlier: Verdict | undefined): Verdict {
  if (earlier?.kind === 'not') return earlier;
  return {
    kind: 'not',
    outcome: 'deferred',
    failure: failure('Envelope', 'ProtocolError', 'The server took no recipient.'),
  };
}
