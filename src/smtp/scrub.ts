// Takes what must not be told out of what a server said. Always before a text is cut: half a password is found by nobody.
import { truncate } from '../api/fit-status.ts';
import type { Conversation } from './conversation.ts';
import type { Failure } from './failure.ts';
import { type Reply, replyText } from './reply.ts';
import { type Cleaner, withoutSecrets, withoutSent, withoutThese } from './without-secrets.ts';

/** A server may echo what it was sent. The user name stays: it often is the sender's address, and no secret. */
export function scrub(conversation: Conversation, text: string): string {
  const { auth } = conversation.target;
  if (!auth) return text;
  const clean = sentCleaner(conversation, auth.username)(withoutToken(conversation, text));
  return withoutSecrets(clean, { auth, known: auth.username });
}

/** A reply on one line, of so many characters at most. */
export function quoted(conversation: Conversation, reply: Reply, length: number): string {
  return truncate(scrub(conversation, replyText(reply)), length);
}

export function scrubbedReply(conversation: Conversation, reply: Reply): Reply {
  if (!conversation.target.auth) return reply;
  return { ...reply, lines: reply.lines.map((line) => scrub(conversation, line)) };
}

export function scrubbedFailure(conversation: Conversation, failure: Failure): Failure {
  if (!conversation.target.auth) return failure;
  const reply = failure.reply && scrubbedReply(conversation, failure.reply);
  return { ...failure, what: scrub(conversation, failure.what), reply };
}

/** By conversation: the token is fetched in its midst, and stays the same from then on. */
const cleaners = new WeakMap<Conversation, Cleaner>();

function withoutToken(conversation: Conversation, text: string): string {
  const { accessToken } = conversation;
  if (accessToken === undefined) return text;
  const clean = cleaners.get(conversation) ?? withoutThese([accessToken]);
  cleaners.set(conversation, clean);
  return clean(text);
}

/** By the lines sent so far: each new one makes a new list. */
const sentCleaners = new WeakMap<readonly string[], Cleaner>();

function sentCleaner({ sentSecrets }: Conversation, username: string): Cleaner {
  const clean = sentCleaners.get(sentSecrets) ?? withoutSent(sentSecrets, username);
  sentCleaners.set(sentSecrets, clean);
  return clean;
}
