// Why a login may not be sent at all on this connection, or nothing.
import { type Conversation, failure, offered } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import type { TargetAuth } from '../relay-target.ts';
import { chooseMechanism } from '../sasl/choose-mechanism.ts';

export function loginHindrance(conversation: Conversation, auth: TargetAuth): Failure | undefined {
  return held(auth) ?? linkUnsafe(conversation, auth) ?? noMechanism(conversation, auth);
}

export function offeredMechanisms(conversation: Conversation): string[] {
  return (offered(conversation, 'AUTH') ?? []).map((name) => name.toUpperCase()).filter((name) => name !== '');
}

/** A login that was refused is not tried again until something changes. What was said then holds the remedy already. */
function held({ held: earlier }: TargetAuth): Failure | undefined {
  const resting =
    'This login is not tried again until the spec or the Secret changes, else once an hour: accounts lock.';
  return earlier && failure('Auth', earlier.reason, earlier.message, resting);
}

/** TLS to a server that nobody has verified keeps a password from no one who stands between. */
function linkUnsafe({ link, target }: Conversation, { allowUnencrypted, from }: TargetAuth): Failure | undefined {
  if (link === 'verified' || allowUnencrypted) return undefined;
  const state = link === 'plain' ? 'is not encrypted' : 'is encrypted, but the server is not verified';
  const what = `The connection ${state} (spec.tls.mode ${target.tls.mode}), so the login of ${from} was not sent.`;
  return failure('Auth', 'AuthenticationRequiresEncryption', what);
}

function noMechanism(conversation: Conversation, auth: TargetAuth): Failure | undefined {
  const choice = chooseMechanism({ offered: offeredMechanisms(conversation), auth });
  return choice.kind === 'none' ? failure('Auth', choice.reason, choice.what, choice.remedy) : undefined;
}
