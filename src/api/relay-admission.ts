// Whether a relay lets a policy of some namespace send through it (spec.allowedNamespaces).
import { matchesSelector } from './label-selector.ts';
import type { SmtpRelaySpec } from './smtp-relay.ts';

export interface AdmittingRelay extends Pick<SmtpRelaySpec, 'allowedNamespaces'> {
  /** Its own. */
  readonly namespace: string;
}

export interface PolicyNamespace {
  readonly name: string;
  /** Undefined where they are not known, as offline. */
  readonly labels: Readonly<Record<string, string>> | undefined;
}

/** Unknown only by a selector over labels that are not known. */
export function admits(relay: AdmittingRelay, namespace: PolicyNamespace): 'yes' | 'no' | 'unknown' {
  if (relay.namespace === namespace.name) return 'yes';
  const { from, selector } = relay.allowedNamespaces;
  switch (from) {
    case 'Same':
      return 'no';
    case 'All':
      return 'yes';
    case 'Selector':
      if (namespace.labels === undefined) return 'unknown';
      return matchesSelector(namespace.labels, selector) ? 'yes' : 'no';
  }
}
