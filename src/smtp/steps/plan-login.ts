// How to log in on this connection, or why a login may not be sent at all.
import { type Conversation, failure, offered } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import type { TargetAuth } from '../relay-target.ts';
import { chooseMechanism, type SaslMechanism } from '../sasl/choose-mechanism.ts';

export type LoginPlan =
  | { readonly kind: 'login'; readonly mechanism: SaslMechanism }
  | { readonly kind: 'hindered'; readonly failure: Failure };

export function planLogin(conversation: Conversation, auth: TargetAuth): LoginPlan {
  const hindrance = (auth.held && restingLogin(auth.held)) ?? linkUnsafe(conversation, auth);
  if (hindrance) return { kind: 'hindered', failure: hindrance };
  const choice = chooseMechanism({ offered: offeredMechanisms(conversation), auth });
  if (choice.kind === 'chosen') return { kind: 'login', mechanism: choice.mechanism };
  return { kind: 'hindered', failure: failure('Auth', choice.reason, choice.what, choice.remedy) };
}

/** A login that was refused is not tried again until something changes. What was said then holds the remedy already. */
export function restingLogin({ reason, message }: NonNullable<TargetAuth['held']>): Failure {
  const resting =
    'This login is not tried again until the spec or the Secret changes, else once an hour: accounts lock.';
  return failure('Auth', reason, message, resting);
}

/** TLS to a server that nobody has verified keeps a password from no one who stands between. */
function linkUnsafe({ link, target }: Conversation, { allowUnencrypted, from }: TargetAuth): Failure | undefined {
  if (link === 'verified' || allowUnencrypted) return undefined;
  const state = link === 'plain' ? 'is not encrypted' : 'is encrypted, but the server is not verified';
  const what = `The connection ${state} (spec.tls.mode ${target.tls.mode}), so the login of ${from} was not sent.`;
  return failure('Auth', 'AuthenticationRequiresEncryption', what);
}

function offeredMechanisms(conversation: Conversation): string[] {
  return (offered(conversation, 'AUTH') ?? []).map((name) => name.toUpperCase()).filter((name) => name !== '');
}
