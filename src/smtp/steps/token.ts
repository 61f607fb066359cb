// Stage Token: the OAuth 2 access token, where the login needs one.
import { type Conversation, failure, providerOf } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { providerRemedy } from '../provider.ts';
import { planLogin } from './plan-login.ts';

/** Fetches no token for a login that will not be sent: stage Auth then says why. */
export async function token(conversation: Conversation): Promise<Failure | undefined> {
  const { target, deps } = conversation;
  const { auth } = target;
  if (auth?.secret.kind !== 'oauth2' || planLogin(conversation, auth).kind === 'hindered') return undefined;
  const result = await deps.tokens(auth.secret.token, { now: deps.now, signal: deps.signal });
  if (result.kind === 'token') {
    conversation.accessToken = result.accessToken;
    return undefined;
  }
  const provider = providerOf(conversation);
  const remedy = result.remedy ?? (provider && providerRemedy(provider, result.reason));
  return failure('Token', result.reason, result.what, remedy);
}
