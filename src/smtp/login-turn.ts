// Whose turn it is to log in: relays that share a login take turns at a server that has not accepted it yet, so that
// they do not lock the account together. The turn is taken right before the first AUTH line and given back right after
// the last reply to it, so that a dead server holds up nobody.
import type { Reason } from '../api/reasons.ts';
import type { TargetAuth } from './relay-target.ts';
import { untilAborted } from './until-aborted.ts';

export type LoginTurn =
  /** `done` is called once, whatever comes of it. */
  | { readonly kind: 'go'; readonly done: (outcome: LoginOutcome) => void }
  /** Another one saw it refused meanwhile: nothing is sent. */
  | { readonly kind: 'held'; readonly held: NonNullable<TargetAuth['held']> };

export type LoginOutcome =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'failed';
      readonly reason: Reason;
      /** Cause and remedy, as the report will have them. */
      readonly message: string;
      /** Where the server answered: 5xx is a login that it will not take as it is. */
      readonly replyCode: number | undefined;
    }
  /** Nothing was sent: the probe had ended before its turn came. */
  | { readonly kind: 'notTried' };

/** Resolves when the turn has come. The signal aborts once nobody waits for it any more. Must not reject. */
export type BeforeLogin = (signal: AbortSignal) => Promise<LoginTurn>;

export async function takeTurn(
  beforeLogin: BeforeLogin | undefined,
  signal: AbortSignal,
): Promise<LoginTurn | { readonly kind: 'stopped' }> {
  if (!beforeLogin) return { kind: 'go', done: () => undefined };
  if (signal.aborted) return { kind: 'stopped' };
  const coming = beforeLogin(signal);
  const turn = await untilAborted(coming, signal);
  if (turn) return turn;
  void coming.then((late) => late.kind === 'go' && late.done({ kind: 'notTried' }));
  return { kind: 'stopped' };
}
