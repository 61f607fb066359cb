// What `relaykeeper validate` prints for a person or an editor: a line a problem, then how much was looked at.
import { printable } from '../api/fit-status.ts';
import type { ValidationProblem } from '../api/validate-manifests.ts';

export interface Checked {
  readonly files: number;
  readonly relays: number;
  readonly policies: number;
  /** Secrets and ConfigMaps. */
  readonly others: number;
}

/** `file:line:column: error: object: fieldPath: message`, as compilers do, so that editors jump there. */
export function validationText(problems: readonly ValidationProblem[], checked: Checked): string {
  return [...problems.map(problemLine), summary(problems, checked)].map((line) => `${line}\n`).join('');
}

function problemLine({ file, position, severity, object, fieldPath, message }: ValidationProblem): string {
  const place = position ? `${file}:${position.line}:${position.column}` : file;
  const parts = [place, severity, object, fieldPath, message].filter((part) => part !== undefined && part !== '');
  return printable(parts.join(': '));
}

function summary(problems: readonly ValidationProblem[], { files, relays, policies, others }: Checked): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const own = `${count(relays, 'relay')}, ${count(policies, 'policy', 'policies')}`;
  const what = `${own}, ${count(others, 'Secret or ConfigMap', 'Secrets and ConfigMaps')} in ${count(files, 'file')}`;
  if (problems.length === 0) return `${what}: valid`;
  const verdict = errors === 0 ? 'valid' : 'invalid';
  return `${what}: ${verdict}, ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
