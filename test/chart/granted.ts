// The rights that manifests give to one service account, a grant a rule and resource.
import type { Grant } from '../control-plane/access.ts';
import type { Manifest } from './manifest.ts';

interface Binding extends Manifest {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly name: string; readonly namespace: string }[];
}

interface Role extends Manifest {
  readonly rules?: readonly Omit<Grant, 'namespace'>[];
}

export function granted(
  manifests: readonly Manifest[],
  account: { readonly namespace: string; readonly name: string },
): readonly Grant[] {
  return manifests
    .filter(isBinding)
    .filter(({ subjects }) => subjects.some((one) => one.name === account.name && one.namespace === account.namespace))
    .flatMap((binding) => rulesOf(manifests, binding));
}

function isBinding(manifest: Manifest): manifest is Binding {
  return manifest.kind.endsWith('RoleBinding');
}

/** A role that others add rules to has none of its own. */
function rulesOf(manifests: readonly Manifest[], { roleRef, metadata: { namespace } }: Binding): readonly Grant[] {
  const role = manifests.find(
    ({ kind, metadata }) => kind === roleRef.kind && metadata.name === roleRef.name && metadata.namespace === namespace,
  );
  if (!role) throw new Error(`there is no ${roleRef.kind} ${roleRef.name}`);
  const { rules = [] } = role as Role;
  return rules.flatMap((rule) =>
    rule.resources.map((resource) => ({
      ...rule,
      ...(namespace === undefined ? {} : { namespace }),
      resources: [resource],
    })),
  );
}
