// A reply that is not the one hoped for, as a failure: 4xx and 5xx by what they mean, anything else as out of place.
import type { Stage } from '../../api/reasons.ts';
import { type Conversation, failure, providerOf } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { classifyRefusal } from '../refusal.ts';
import type { RefusedStep } from '../refusals/rule.ts';
import type { Reply } from '../reply.ts';
import { quoted, scrub } from '../scrub.ts';

export interface Unwelcome {
  readonly stage: Stage;
  readonly during: RefusedStep;
  readonly reply: Reply;
  /** The command that was answered, and the code hoped for. */
  readonly command: string;
  readonly expected: number;
  readonly address?: string;
}

export function refused(conversation: Conversation, unwelcome: Unwelcome): Failure {
  const { stage, during, reply, command, expected, address } = unwelcome;
  if (reply.code < 400) {
    const what = `The server answered ${command} with "${quoted(conversation, reply, 200)}" where ${expected} was expected.`;
    return { ...failure(stage, 'ProtocolError', what), reply };
  }
  return classifyRefusal({
    during,
    reply,
    target: conversation.target,
    scrub: (text) => scrub(conversation, text),
    provider: providerOf(conversation),
    authenticated: conversation.authenticated,
    encrypted: conversation.link !== 'plain',
    ...(address === undefined ? {} : { address }),
  });
}
