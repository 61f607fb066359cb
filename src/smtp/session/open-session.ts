// Opens a connection that is ready for mail, by the very steps of the probe down to the login, and keeps it for several
// messages. A stop ends an opening at once, but not a message under way, so that no DATA is torn.
import { type Conversation, type ConversationDeps, startConversation } from '../conversation.ts';
import { converse } from '../converse.ts';
import type { Failure } from '../failure.ts';
import type { BeforeLogin } from '../login-turn.ts';
import { overallDeadline } from '../overall-deadline.ts';
import type { RelayTarget } from '../relay-target.ts';
import { scrubbedFailure } from '../scrub.ts';
import { noTranscript } from '../wire/transcript.ts';
import { notSent, sendMessage } from './send-message.ts';
import type { Session } from './session.ts';

export interface SessionDeps extends Pick<ConversationDeps, 'now' | 'tokens'> {
  /** Ends an opening at once, and lets no further message begin. */
  readonly signal: AbortSignal;
  /** Ends a message under way too: aborted some time after `signal`. */
  readonly cut: AbortSignal;
  /** Asked right before the first AUTH line. */
  readonly beforeLogin?: BeforeLogin | undefined;
  /** DNS servers to ask instead of the system's. */
  readonly dnsServers?: readonly string[];
}

export type OpenedSession =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'failed'; readonly failure: Failure };

export async function openSession(target: RelayTarget, deps: SessionDeps): Promise<OpenedSession> {
  const deadline = overallDeadline(target, { whole: 'connection', outer: deps.signal });
  const conversation = startConversation(target, 'Auth', {
    now: deps.now,
    tokens: deps.tokens,
    beforeLogin: deps.beforeLogin,
    dnsServers: deps.dnsServers,
    signal: AbortSignal.any([deadline.signal, deps.cut]),
    randomId: () => '',
    transcript: noTranscript,
  });
  const failure = await converse(conversation, (_stage, step) => step());
  deadline.clear();
  if (!failure) return { kind: 'open', session: sessionOver(conversation, deps.signal) };
  await conversation.connection?.quit();
  return { kind: 'failed', failure: scrubbedFailure(conversation, failure) };
}

function sessionOver(conversation: Conversation, signal: AbortSignal): Session {
  const state = { ended: false, transactionOpen: false };
  return {
    get link() {
      return conversation.link;
    },
    get ended() {
      return state.ended;
    },
    async send(message, limits = {}) {
      if (state.ended || signal.aborted) return notSent(message);
      const result = await sendMessage(conversation, state, { ...message, ...limits });
      if (state.ended) conversation.connection?.destroy();
      return result;
    },
    async close() {
      state.ended = true;
      await conversation.connection?.quit();
    },
  };
}
