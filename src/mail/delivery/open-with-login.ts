// Opens a session unless its login rests, and takes turns with the probe at a login that nobody has seen accepted yet.
// A login that rests costs no connection.
import { failure } from '../../smtp/conversation.ts';
import type { BeforeLogin } from '../../smtp/login-turn.ts';
import type { OpenedSession } from '../../smtp/session/open-session.ts';
import type { DeliveryRelay, LoginMemory } from './relay-directory.ts';

export interface LoginDeps {
  readonly logins: LoginMemory;
  readonly now: () => number;
  readonly open: (relay: DeliveryRelay, beforeLogin: BeforeLogin | undefined) => Promise<OpenedSession>;
}

export function openWithLogin({ logins, now, open }: LoginDeps): (relay: DeliveryRelay) => Promise<OpenedSession> {
  return async (relay) => {
    const { login, editedAt } = relay;
    if (login === undefined) return open(relay, undefined);
    const asked = { now, editedAt };
    const held = logins.refusal(login, asked);
    if (held) return { kind: 'failed', failure: failure('Auth', held.reason, held.message) };
    return open(relay, (signal) => logins.turn(login, asked, signal));
  };
}
