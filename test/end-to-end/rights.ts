// What the operator's service account is granted: the roles that are installed; tests take a right away to show that it
// is needed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { granted } from '../chart/granted.ts';
import { manifestsIn } from '../chart/manifest.ts';
import type { Grant } from '../control-plane/access.ts';

const installed = manifestsIn(readFileSync(join(import.meta.dirname, '../../deploy/install.yaml'), 'utf8'));
const account = { namespace: 'relaykeeper', name: 'relaykeeper' };

/** As deploy/install.yaml grants them, for an operator in another namespace. */
export function operatorRights(namespace: string): readonly Grant[] {
  return granted(installed, account).map((grant) => (grant.namespace === undefined ? grant : { ...grant, namespace }));
}

/** With the kinds that a cluster's admin lets the operator watch. */
export function alarmRights(namespace: string, watched: readonly Grant[] = []): readonly Grant[] {
  return [...operatorRights(namespace), ...watched];
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
