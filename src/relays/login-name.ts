// Names a login by its Secret's version and the server, for the guard of logins.
import type { ObservedReference, ProbeDepth, SmtpRelaySpec } from '../api/smtp-relay.ts';
import { portOf } from './make-target.ts';

const depthsWithLogin: readonly ProbeDepth[] = ['Auth', 'Envelope', 'Message'];

/** Undefined where a probe sends no login. */
export function loginName(
  namespace: string,
  spec: SmtpRelaySpec,
  versions: readonly ObservedReference[],
): string | undefined {
  const secret = spec.auth?.secretRef ?? spec.auth?.oauth2?.secretRef;
  const version = versions.find(({ kind, name }) => kind === 'Secret' && name === secret?.name);
  if (!version || !depthsWithLogin.includes(spec.probe.depth)) return undefined;
  return [namespace, version.name, version.resourceVersion, spec.host.toLowerCase(), portOf(spec)].join(' ');
}
