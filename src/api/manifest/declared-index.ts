// The declared objects by kind, namespace and name.
import type { Declared } from './declared.ts';

export type DeclaredIndex = ReadonlyMap<string, Declared>;

/** Of two with the same name the first counts. */
export function declaredIndex(declared: readonly Declared[]): DeclaredIndex {
  const index = new Map<string, Declared>();
  for (const one of declared) {
    if (!index.has(declaredName(one))) index.set(declaredName(one), one);
  }
  return index;
}

/** `SmtpRelay mail/corporate`. */
export function declaredName({ kind, namespace, name }: Pick<Declared, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}
