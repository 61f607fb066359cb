// Tells the guard of logins what an earlier process saw refused, as that left it in status.
import type { ObservedReference, SmtpRelay, SmtpRelayStatus } from '../api/smtp-relay.ts';
import type { StoredRelay } from '../store/store.ts';
import { isRefusedLogin, type LoginGuard, type RefusedReport } from './login-guard.ts';
import { loginName } from './login-name.ts';

/** Does nothing where the refusal was of another spec or another version of the Secret: those may be tried. */
export function recallRefusal(
  { metadata: { namespace, generation }, status }: StoredRelay,
  { relay: { spec }, versions }: { relay: SmtpRelay; versions: readonly ObservedReference[] },
  guard: LoginGuard,
): void {
  const report = refusalIn(status);
  if (!report || status?.observedGeneration !== generation) return;
  const login = loginName(namespace, spec, versions);
  const refused = loginName(namespace, spec, status.observedReferences ?? []);
  if (login !== undefined && login === refused) guard.recall(login, report);
}

function refusalIn(status: SmtpRelayStatus | undefined): RefusedReport | undefined {
  const { lastFailure, lastSuccessTime = '' } = status ?? {};
  if (!lastFailure || Date.parse(lastSuccessTime) >= Date.parse(lastFailure.time)) return undefined;
  return isRefusedLogin(lastFailure) ? lastFailure : undefined;
}
