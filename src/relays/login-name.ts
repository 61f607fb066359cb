// Names a login by its Secret's version and the server, never by what it holds; probe and delivery share the name.
import type { Key } from '../api/resource.ts';
import type { ObservedReference, SmtpRelaySpec } from '../api/smtp-relay.ts';

/** Undefined without a login. */
export function loginName(
  { namespace }: Pick<Key, 'namespace'>,
  spec: SmtpRelaySpec,
  versions: readonly ObservedReference[],
): string | undefined {
  const secret = spec.auth?.secretRef ?? spec.auth?.oauth2?.secretRef;
  const version = versions.find(({ kind, name }) => kind === 'Secret' && name === secret?.name);
  return version && [namespace, version.name, version.resourceVersion, spec.host, spec.port].join(' ');
}
