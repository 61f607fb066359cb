// The offline check of a set of manifests, as for a pull request: every relay and policy by the API server's rules, what
// they refer to among the same files, accounts, and names declared twice. What of other kinds is there is left alone.
import { accountSecretType } from './account.ts';
import { type Declared, declaredBy, isRelayGroup } from './manifest/declared.ts';
import { type DeclaredIndex, declaredIndex, declaredName } from './manifest/declared-index.ts';
import type { FileProblem, ManifestDocument, ManifestFile } from './manifest/manifest-file.ts';
import { objectData } from './manifest/object-data.ts';
import { objectName } from './manifest/object-name.ts';
import { policyProblems } from './manifest/policy-problems.ts';
import { relayProblems } from './manifest/relay-problems.ts';
import { referencedObject, type Surroundings, type ValidationOptions } from './manifest/surroundings.ts';
import { type Found, placeText, problemAt, type ValidationProblem } from './manifest/validation-problem.ts';
import { policyKind } from './notification-policy.ts';
import { readAccount } from './read-account.ts';
import { relayApiVersion, relayKind } from './smtp-relay.ts';
import { nearestName } from './validation/nearest-name.ts';

export type { ValidationOptions, ValidationProblem };

export interface Validation {
  /** Relays, policies, Secrets and ConfigMaps looked at. */
  readonly resources: number;
  readonly relays: number;
  readonly policies: number;
  /** In the order of the files, then of the lines. */
  readonly problems: readonly ValidationProblem[];
}

export function validateManifests(files: readonly ManifestFile[], options: ValidationOptions): Validation {
  const documents = files.flatMap((file) => file.documents);
  const declared = documents.flatMap((document) => declaredBy(document, options.namespace) ?? []);
  const index = declaredIndex(declared);
  const problems = [
    ...files.flatMap((file) => file.problems.filter(concernsUs).map(fileProblem)),
    ...documents.flatMap(unknownKind),
    ...declared.flatMap((one) => declaredTwice(one, index)),
    ...declared.flatMap((one) => objectProblems(one, { index, options })),
  ];
  return {
    resources: declared.filter(({ readable }) => readable).length,
    relays: declared.filter(({ kind }) => kind === 'SmtpRelay').length,
    policies: declared.filter(({ kind }) => kind === 'NotificationPolicy').length,
    problems: inOrder(problems, files),
  };
}

function inOrder(problems: readonly ValidationProblem[], files: readonly ManifestFile[]): ValidationProblem[] {
  const fileOrder = new Map(
    files.flatMap((file) => [...file.problems, ...file.documents]).map(({ file }, at) => [file, at]),
  );
  return problems.toSorted(
    (one, other) =>
      (fileOrder.get(one.file) ?? 0) - (fileOrder.get(other.file) ?? 0) ||
      (one.position?.line ?? 0) - (other.position?.line ?? 0) ||
      (one.position?.column ?? 0) - (other.position?.column ?? 0),
  );
}

/** An error may hide a relay; a warning about another kind is none of our business. */
function concernsUs({ warning, object }: FileProblem): boolean {
  return !warning || object === undefined || /^(SmtpRelay|NotificationPolicy|Secret|ConfigMap)( |$)/.test(object);
}

function fileProblem({ warning, ...problem }: FileProblem): ValidationProblem {
  return { ...problem, severity: warning ? 'warning' : 'error', reason: undefined };
}

/** A kind of our group that there is none of: a typing error, which kubectl would refuse. */
function unknownKind(document: ManifestDocument): ValidationProblem[] {
  const { apiVersion, kind } = document.value;
  const kinds = [relayKind, policyKind];
  if (typeof apiVersion !== 'string' || !apiVersion.includes('/') || !isRelayGroup(apiVersion)) return [];
  if (typeof kind !== 'string' || kinds.includes(kind)) return [];
  const near = nearestName(kind, kinds);
  const hint = near === undefined ? `the kinds there are ${kinds.join(' and ')}` : `did you mean ${near}?`;
  const message = `there is no kind ${kind} in ${relayApiVersion}; ${hint}`;
  return [
    problemAt(document, { object: objectName(document.value), fieldPath: 'kind', reason: 'SchemaInvalid', message }),
  ];
}

function declaredTwice(one: Declared, index: DeclaredIndex): ValidationProblem[] {
  const object = declaredName(one);
  const first = index.get(object);
  if (!first || first === one || one.name === '') return [];
  const message = `${object} is declared twice: here and at ${placeText(first.document)}; keep one of them`;
  return [problemAt(one.document, { object, fieldPath: 'metadata.name', reason: 'SchemaInvalid', message })];
}

function objectProblems(one: Declared, surroundings: Surroundings): ValidationProblem[] {
  const object = one.name === '' ? one.kind : declaredName(one);
  return problemsOf(one, surroundings).map((found) => problemAt(one.document, { ...found, object }));
}

function problemsOf(one: Declared, surroundings: Surroundings): readonly Found[] {
  switch (one.kind) {
    case 'SmtpRelay':
      return relayProblems(one, surroundings);
    case 'NotificationPolicy':
      return policyProblems(one, surroundings);
    case 'Secret':
    case 'ConfigMap':
      return one.readable ? [...unreadableData(one), ...accountProblems(one)] : [];
  }
}

function unreadableData({ document }: Declared): Found[] {
  const data = objectData(document.value);
  return data.kind === 'decoded' ? [] : [{ ...data, reason: 'SecretValueInvalid' }];
}

function accountProblems({ namespace, name, document }: Declared): Found[] {
  const object = document.value.type === accountSecretType ? referencedObject(document) : undefined;
  const read = object && readAccount({ ...object, metadata: { namespace, name } }, () => '');
  if (read?.kind !== 'invalid') return [];
  return read.problems.map((message) => ({ fieldPath: '', reason: 'SecretValueInvalid', message }));
}
