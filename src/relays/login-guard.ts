// Remembers logins that a server refused, so that nothing tries them again and again: accounts lock.
// A login is named by its Secret's version and the server, never by what it holds.
import type { TargetAuth } from '../smtp/relay-target.ts';
import { loginRest } from './probe-schedule.ts';

type RefusedReason = NonNullable<TargetAuth['held']>['reason'];

export interface LoginGuard {
  refused(login: string, refusal: { reason: RefusedReason; message: string; at: number }): void;
  accepted(login: string): void;
  /** Why the login rests now; undefined where it may be tried. An edit of the spec since the refusal frees it. */
  held(login: string, { now, editedAt }: { now: number; editedAt: number }): TargetAuth['held'];
}

const refusedReasons: readonly string[] = [
  'AuthenticationFailed',
  'CredentialsExpired',
  'BasicAuthenticationDisabled',
] satisfies RefusedReason[];

export function isRefusedLogin(reason: string): reason is RefusedReason {
  return refusedReasons.includes(reason);
}

export function createLoginGuard(): LoginGuard {
  const refusals = new Map<string, { reason: RefusedReason; message: string; at: number }>();
  return {
    refused: (login, refusal) => {
      refusals.set(login, refusal);
    },
    accepted: (login) => {
      refusals.delete(login);
    },
    held: (login, { now, editedAt }) => {
      const refusal = refusals.get(login);
      if (!refusal || editedAt > refusal.at) return undefined;
      if (now >= refusal.at + loginRest) {
        refusals.delete(login);
        return undefined;
      }
      return { reason: refusal.reason, message: refusal.message };
    },
  };
}
