// A token or an address from a Secret of type Opaque, read when it is needed and never kept on disk.
import { objectText, type ReferencePlace, unusable, wrongType } from '../../api/references/checked.ts';
import type { SecretKeyRef } from '../../api/references/secret-key-ref.ts';
import { textValue } from '../../api/references/text-value.ts';
import type { Violation } from '../../api/violation.ts';
import type { Store } from '../../store/store.ts';

export type SecretText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unusable'; readonly violation: Violation }
  /** The store could not say: a sentence. */
  | { readonly kind: 'unavailable'; readonly message: string };

export async function secretText(ref: SecretKeyRef, store: Pick<Store, 'read'>): Promise<SecretText> {
  const { namespace, name, key, fieldPath } = ref;
  const place: ReferencePlace = { kind: 'Secret', name, fieldPath };
  const read = await store.read({ kind: 'Secret', namespace, name });
  switch (read.kind) {
    case 'found':
      return wrongType(read.object, place, ['Opaque']) ?? textValue(read.object, key, place);
    case 'missing':
      return unusable(place, 'SecretNotFound', `does not exist in namespace ${namespace}`);
    case 'denied': {
      const message = `the operator may not ${read.verb} ${read.resource} in namespace ${read.namespace}`;
      return { kind: 'unusable', violation: { reason: 'AccessDenied', fieldPath, message } };
    }
    case 'unavailable':
      return { kind: 'unavailable', message: `${objectText(place)} cannot be read: ${read.message}` };
  }
}
