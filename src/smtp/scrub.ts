// Takes the login of a conversation out of what its server said: a server may echo what it was sent.
import type { Conversation } from './conversation.ts';
import type { Failure } from './failure.ts';
import type { Reply } from './reply.ts';
import { withoutSecrets, withoutValues } from './without-secrets.ts';

type Known = Pick<Conversation, 'target' | 'accessToken'>;

/** The user name stays: it often is the sender's address, and no secret. */
export function scrub({ target, accessToken }: Known, text: string): string {
  const withoutToken = accessToken === undefined ? text : withoutValues(text, [accessToken]);
  return withoutSecrets(withoutToken, { auth: target.auth, known: target.auth?.username });
}

export function scrubbedReply(conversation: Known, reply: Reply): Reply {
  if (!conversation.target.auth) return reply;
  return { ...reply, lines: reply.lines.map((line) => scrub(conversation, line)) };
}

export function scrubbedFailure(conversation: Known, failure: Failure): Failure {
  if (!conversation.target.auth) return failure;
  const reply = failure.reply && scrubbedReply(conversation, failure.reply);
  return { ...failure, what: scrub(conversation, failure.what), reply };
}
