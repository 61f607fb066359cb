// What else is among the given files, for the checks of what a resource refers to.
import type { NotificationPolicy } from '../notification-policy.ts';
import type { Reason } from '../reasons.ts';
import type { ReferencedObject } from '../referenced-object.ts';
import type { Violation } from '../violation.ts';
import type { Declared } from './declared.ts';
import { type DeclaredIndex, declaredName } from './declared-index.ts';
import type { ManifestDocument } from './manifest-file.ts';
import { objectData } from './object-data.ts';
import type { Found } from './validation-problem.ts';

export interface Surroundings {
  readonly index: DeclaredIndex;
  readonly options: ValidationOptions;
}

export interface ValidationOptions {
  /** Of objects that name none. */
  readonly namespace: string;
  /** What is referred to may be elsewhere. */
  readonly allowMissingReferences: boolean;
  /** What is wrong with the texts of a policy's mails, by those who make mails. */
  readonly judgeTexts?: JudgeTexts;
}

/** `dataOf` gives a ConfigMap of the policy's namespace; undefined where it is not among the files. */
export type JudgeTexts = (
  policy: NotificationPolicy,
  dataOf: (configMap: string) => ReferencedObject['data'] | undefined,
) => readonly Violation[];

/** What a field refers to by name. */
export interface NamedReference {
  readonly kind: Declared['kind'];
  readonly namespace: string;
  readonly name: string;
  /** Such as `spec.relayRef`. */
  readonly fieldPath: string;
}

export function declaredAs(reference: NamedReference, { index }: Surroundings): Declared | undefined {
  return index.get(declaredName(reference));
}

/** Nothing where it may be elsewhere. `hint` is what to say where one of that name is in another namespace. */
export function missingReference(
  { kind, namespace, name, fieldPath }: NamedReference,
  { index, options }: Surroundings,
  hint: string,
): Found[] {
  if (options.allowMissingReferences) return [];
  const elsewhere = [...index.values()].find((one) => one.kind === kind && one.name === name);
  const found = elsewhere ? `; there is one in namespace "${elsewhere.namespace}", but ${hint}` : '';
  const message = `${kind} "${name}" is not in namespace "${namespace}" of the given files${found}`;
  return [{ fieldPath: `${fieldPath}.name`, reason: notFound[kind], message }];
}

const notFound: Readonly<Record<Declared['kind'], Reason>> = {
  SmtpRelay: 'RelayNotFound',
  // Nothing refers to a policy; it is here since the table is of all kinds.
  NotificationPolicy: 'ReferenceNotAllowed',
  Secret: 'SecretNotFound',
  ConfigMap: 'ConfigMapNotFound',
};

/** Undefined where its data is wrong, which is a problem of its own. */
export function referencedObject({ value }: ManifestDocument): ReferencedObject | undefined {
  const data = objectData(value);
  if (data.kind === 'invalid') return undefined;
  const type = value.type;
  return { resourceVersion: '', type: typeof type === 'string' ? type : '', data: data.data };
}
