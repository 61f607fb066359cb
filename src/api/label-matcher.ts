// Requirements on an alarm's labels, as Alertmanager's matchers: a missing label is an empty one, and an expression is
// RE2 (linear in time, so that no policy can stall the operator) and has to match the whole value.
import { RE2JS } from 're2js';
import type { AlarmMatcher } from './notification-policy.ts';

export type Labels = Readonly<Record<string, string>>;
export type LabelTest = (labels: Labels) => boolean;

/** Whether labels hold all of the requirements; none hold always. Every expression must have no fault. */
export function labelTest(matchers: readonly AlarmMatcher[]): LabelTest {
  const tests = matchers.map(openMatcher);
  return (labels) => tests.every((test) => test(labels));
}

/** What is wrong with an expression of Matches or NotMatches; undefined where it can be used. */
export function expressionFault(expression: string): string | undefined {
  try {
    // Without a flag, which its message would quote as if the user had written it.
    RE2JS.compile(expression);
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('RE2JS')) return error.message;
    throw error;
  }
}

/** Read by own name only: `constructor` is a label like any other. */
export function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

function openMatcher({ key, operator, values = [] }: AlarmMatcher): LabelTest {
  const holds = valueTest(operator, values);
  return (labels) => holds(labelOf(labels, key));
}

function valueTest(operator: AlarmMatcher['operator'], values: readonly string[]): (value: string) => boolean {
  const whole = new Set(values);
  const expressions = operator === 'Matches' || operator === 'NotMatches' ? values.map(compile) : [];
  switch (operator) {
    case 'In':
      return (value) => whole.has(value);
    case 'NotIn':
      return (value) => !whole.has(value);
    case 'Exists':
      return (value) => value !== '';
    case 'DoesNotExist':
      return (value) => value === '';
    case 'Matches':
      return (value) => expressions.some((expression) => expression.testExact(value));
    case 'NotMatches':
      return (value) => !expressions.some((expression) => expression.testExact(value));
  }
}

function compile(expression: string): RE2JS {
  // Alertmanager wraps it in ^(?:…)$ and lets `.` match a line break.
  return RE2JS.compile(expression, RE2JS.DOTALL);
}
