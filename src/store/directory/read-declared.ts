// The values of a declared Secret or ConfigMap, which nobody keeps: read again from its file.
import { objectData } from '../../api/manifest/object-data.ts';
import { referenceText } from '../reference-index.ts';
import type { ReadResult, Reference } from '../store.ts';
import type { DeclarationOptions } from './declared-object.ts';
import type { ManifestSet } from './manifest-set.ts';
import { rereadObject } from './reread-object.ts';

export async function readDeclared(
  reference: Reference,
  manifests: ManifestSet,
  options: DeclarationOptions,
): Promise<ReadResult> {
  const declared = manifests.find(referenceText(reference));
  if (!declared) return { kind: 'missing' };
  const reread = await rereadObject(declared, options);
  if (reread.kind === 'unreadable') return { kind: 'unavailable', message: reread.message };
  const decoded = objectData(reread.manifest);
  if (decoded.kind === 'invalid') {
    return { kind: 'unavailable', message: `${declared.place.file}: ${decoded.fieldPath}: ${decoded.message}` };
  }
  const type = reference.kind === 'Secret' ? String(reread.manifest.type ?? 'Opaque') : '';
  return { kind: 'found', object: { resourceVersion: reread.version, type, data: decoded.data } };
}
