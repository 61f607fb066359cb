// Opens a connection that is ready for mail, by the very steps of the probe down to the login, and keeps it for several
// messages. On abort an opening ends at once; a message under way gets a grace period, so that no DATA is torn.
import { type Conversation, type ConversationDeps, startConversation } from '../conversation.ts';
import { converse } from '../converse.ts';
import type { Failure } from '../failure.ts';
import { overallDeadline } from '../overall-deadline.ts';
import type { RelayTarget } from '../relay-target.ts';
import { scrubbedFailure } from '../scrub.ts';
import { notSent, sendMessage } from './send-message.ts';
import type { Session } from './session.ts';

export interface SessionDeps extends Pick<ConversationDeps, 'now' | 'tokens'> {
  readonly signal: AbortSignal;
  /** Milliseconds that a message under way has after the abort. */
  readonly grace: number;
  /** DNS servers to ask instead of the system's. */
  readonly dnsServers?: readonly string[];
}

export type OpenedSession =
  | { readonly kind: 'open'; readonly session: Session }
  | { readonly kind: 'failed'; readonly failure: Failure };

export async function openSession(target: RelayTarget, deps: SessionDeps): Promise<OpenedSession> {
  const deadline = overallDeadline(target, { whole: 'connection', outer: deps.signal });
  const cut = new AbortController();
  const conversation = startConversation(target, 'Auth', {
    now: deps.now,
    tokens: deps.tokens,
    dnsServers: deps.dnsServers,
    signal: AbortSignal.any([deadline.signal, cut.signal]),
    randomId: () => '',
  });
  const failure = await converse(conversation, (_stage, step) => step());
  deadline.clear();
  if (!failure) return { kind: 'open', session: sessionOver(conversation, { cut, deps }) };
  await conversation.connection?.quit();
  return { kind: 'failed', failure: scrubbedFailure(conversation, failure) };
}

function sessionOver(
  conversation: Conversation,
  { cut, deps: { signal, grace } }: { cut: AbortController; deps: SessionDeps },
): Session {
  const state = { ended: false, transactionOpen: false };
  let sending = false;
  let graceTimer: NodeJS.Timeout | undefined;

  const onAbort = () => {
    if (sending) graceTimer = setTimeout(() => cut.abort('had not answered when the grace period ended'), grace);
  };
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    get link() {
      return conversation.link;
    },
    get ended() {
      return state.ended;
    },
    async send(message, limits = {}) {
      if (state.ended || signal.aborted) return notSent(message);
      sending = true;
      const result = await sendMessage(conversation, state, { ...message, ...limits });
      sending = false;
      if (state.ended) conversation.connection?.destroy();
      return result;
    },
    async close() {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(graceTimer);
      state.ended = true;
      await conversation.connection?.quit();
    },
  };
}
