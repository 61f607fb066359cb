// Label selectors by the rules of Kubernetes (apimachinery's labels.Selector): all requirements must hold.

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string | undefined>>;
  readonly matchExpressions?: readonly SelectorRequirement[];
}

export interface SelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

type Labels = Readonly<Record<string, string>>;

/** An empty selector takes everything; one that is absent does too, where the field's meaning is `all`. */
export function matchesSelector(labels: Labels, selector: LabelSelector | undefined): boolean {
  return selectorMatcher(selector)(labels);
}

/** The same for many objects: what can be worked out once is. */
export function selectorMatcher(selector: LabelSelector | undefined): (labels: Labels) => boolean {
  const equal = Object.entries(selector?.matchLabels ?? {});
  const requirements = selector?.matchExpressions ?? [];
  return (labels) =>
    equal.every(([key, value]) => labelOf(labels, key) === value) &&
    requirements.every((requirement) => holds(requirement, labels));
}

function holds({ key, operator, values = [] }: SelectorRequirement, labels: Labels): boolean {
  const value = labelOf(labels, key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      // A missing label is in no set: NotIn takes it (Kubernetes documentation, "Labels and Selectors").
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
