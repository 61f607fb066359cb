// Label selectors by the rules of Kubernetes, where a CRD's schema does not judge them.
import { childPath } from '../field-path.ts';
import type { LabelSelector, SelectorRequirement } from '../label-selector.ts';
import type { Violation } from '../violation.ts';
import { goQuote } from './go-text.ts';
import { labelValueFaults, qualifiedNameFaults } from './names.ts';

export function selectorViolations(selector: LabelSelector | undefined, path: string): Violation[] {
  const labels = Object.entries(selector?.matchLabels ?? {}).flatMap(([key, value = '']) => [
    ...keyViolations(key, `${path}.matchLabels`),
    ...valueViolations(value, childPath(`${path}.matchLabels`, key)),
  ]);
  const requirements = (selector?.matchExpressions ?? []).flatMap((requirement, index) =>
    requirementViolations(requirement, childPath(`${path}.matchExpressions`, index)),
  );
  return [...labels, ...requirements];
}

function requirementViolations({ key, operator, values = [] }: SelectorRequirement, path: string): Violation[] {
  const needsValues = operator === 'In' || operator === 'NotIn';
  const wrongCount =
    needsValues === values.length > 0
      ? []
      : [combination(path, 'values are required with the operators In and NotIn, and only then')];
  return [
    ...keyViolations(key, `${path}.key`),
    ...wrongCount,
    ...values.flatMap((value, index) => valueViolations(value, childPath(`${path}.values`, index))),
  ];
}

function keyViolations(key: string, fieldPath: string): Violation[] {
  return qualifiedNameFaults(key).map((fault) => invalid(fieldPath, key, fault));
}

function valueViolations(value: string, fieldPath: string): Violation[] {
  return labelValueFaults(value).map((fault) => invalid(fieldPath, value, fault));
}

function invalid(fieldPath: string, value: string, fault: string): Violation {
  return { reason: 'SchemaInvalid', fieldPath, message: `Invalid value: ${goQuote(value)}: ${fault}` };
}

function combination(fieldPath: string, message: string): Violation {
  return { reason: 'CombinationInvalid', fieldPath, message: `Invalid value: ${message}` };
}
