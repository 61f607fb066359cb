// Exactly what the operator's service account has to be granted; tests take one away to show that it is needed.
import type { Grant } from '../control-plane/access.ts';

/** The right to write status, the right to nothing else of a relay or policy; mail and its ledger are Secrets of its own. */
export function operatorRights(namespace: string): readonly Grant[] {
  const inAll = (apiGroup: string, resource: string, verbs: readonly string[]): Grant => ({
    apiGroups: [apiGroup],
    resources: [resource],
    verbs,
  });
  return [
    inAll('relaykeeper.dev', 'smtprelays', ['get', 'list', 'watch']),
    inAll('relaykeeper.dev', 'smtprelays/status', ['patch']),
    inAll('relaykeeper.dev', 'notificationpolicies', ['get', 'list', 'watch']),
    inAll('relaykeeper.dev', 'notificationpolicies/status', ['patch']),
    inAll('', 'namespaces', ['get', 'list', 'watch']),
    inAll('', 'secrets', ['get', 'list', 'watch']),
    { namespace, apiGroups: [''], resources: ['secrets'], verbs: ['create', 'patch', 'delete'] },
    inAll('', 'configmaps', ['get', 'list', 'watch']),
    inAll('events.k8s.io', 'events', ['create']),
    { namespace, apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'patch', 'delete'] },
  ];
}

/** All of them but one verb over one resource. */
export function withoutVerb(
  rights: readonly Grant[],
  { verb, resource }: { readonly verb: string; readonly resource: string },
): readonly Grant[] {
  return rights
    .map((right) =>
      right.resources.includes(resource) ? { ...right, verbs: right.verbs.filter((one) => one !== verb) } : right,
    )
    .filter(({ verbs }) => verbs.length > 0);
}

/** The same verbs over a resource, in one namespace only, perhaps over named objects only. */
export function narrowed(
  rights: readonly Grant[],
  resource: string,
  to: { readonly namespace: string; readonly resourceNames?: readonly string[] },
): readonly Grant[] {
  return rights.map((right) => (right.resources.includes(resource) ? { ...right, ...to } : right));
}
