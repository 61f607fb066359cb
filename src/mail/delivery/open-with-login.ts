// Opens a session unless its login rests, and remembers what became of the login. A login that rests costs no connection.
import { failure } from '../../smtp/conversation.ts';
import type { Failure } from '../../smtp/failure.ts';
import type { TargetAuth } from '../../smtp/relay-target.ts';
import type { OpenedSession } from '../../smtp/session/open-session.ts';
import type { DeliveryRelay, LoginMemory } from './relay-directory.ts';

export interface LoginDeps {
  readonly logins: LoginMemory;
  readonly now: () => number;
  readonly open: (relay: DeliveryRelay) => Promise<OpenedSession>;
}

export function openWithLogin({ logins, now, open }: LoginDeps): LoginDeps['open'] {
  return async (relay) => {
    const { login, editedAt } = relay;
    const held = login === undefined ? undefined : logins.held(login, { now: now(), editedAt });
    if (held) return { kind: 'failed', failure: failure('Auth', held.reason, held.message) };
    const opened = await open(relay);
    if (login === undefined) return opened;
    if (opened.kind === 'open') logins.accepted(login);
    else remember(login, opened.failure, { logins, at: now() });
    return opened;
  };
}

type RefusedReason = NonNullable<TargetAuth['held']>['reason'];

const refusals: readonly string[] = [
  'AuthenticationFailed',
  'CredentialsExpired',
  'BasicAuthenticationDisabled',
] satisfies RefusedReason[];

function isRefusal(reason: string): reason is RefusedReason {
  return refusals.includes(reason);
}

function remember(login: string, { reason, what }: Failure, { logins, at }: { logins: LoginMemory; at: number }): void {
  if (isRefusal(reason)) logins.refused(login, { reason, message: what, at });
}
