// What this program has to say about an alarm, beside what its sender says.
import type { Labels } from '../../api/label-matcher.ts';

/** The annotation that says it. */
const noteAnnotation = 'relaykeeper_note';

export function noted<Told extends { readonly annotations: Labels }>(told: Told, note: string): Told {
  const before = Object.hasOwn(told.annotations, noteAnnotation) ? `${told.annotations[noteAnnotation]}; ` : '';
  return { ...told, annotations: { ...told.annotations, [noteAnnotation]: `${before}${note}` } };
}
