// What is wrong with a relay among its files: itself, and the Secrets and ConfigMaps that it refers to.
import { checkReference, type SpecReference, specReferences } from '../references/relay-references.ts';
import type { SmtpRelay } from '../smtp-relay.ts';
import { parseRelay } from '../validate-relay.ts';
import type { Declared } from './declared.ts';
import { declaredAs, missingReference, referencedObject, type Surroundings } from './surroundings.ts';
import { type Found, placeText } from './validation-problem.ts';

export function relayProblems({ document }: Declared, surroundings: Surroundings): readonly Found[] {
  const parsed = parseRelay(document.value, surroundings.options.namespace);
  if (parsed.kind === 'invalid') return parsed.violations;
  return specReferences(parsed.relay.spec).flatMap((reference) =>
    referenceProblems(reference, parsed.relay, surroundings),
  );
}

function referenceProblems(reference: SpecReference, relay: SmtpRelay, surroundings: Surroundings): Found[] {
  const named = { ...reference, namespace: relay.metadata.namespace };
  const found = declaredAs(named, surroundings);
  if (!found) return missingReference(named, surroundings, 'a relay refers to its own namespace');
  const object = found.readable ? referencedObject(found.document) : undefined;
  if (!object) return [];
  const checked = checkReference(reference, object, relay.spec);
  const where = ` (${placeText(found.document)})`;
  if (checked.kind === 'usable') {
    const { fieldPath } = reference;
    return checked.warnings.map(({ reason, message }) => ({
      fieldPath,
      reason,
      message: `${message}${where}`,
      severity: 'warning',
    }));
  }
  return [{ ...checked.violation, message: `${checked.violation.message}${where}` }];
}
