// The offline check of a set of manifests, as for a pull request: every relay by the API server's rules, what it refers
// to among the same files, and names declared twice. What of other kinds is there is left alone.
import { type Declared, declaredBy, isRelayGroup } from './manifest/declared.ts';
import type { FileProblem, ManifestDocument, ManifestFile, Position } from './manifest/manifest-file.ts';
import { objectData } from './manifest/object-data.ts';
import { objectName } from './manifest/object-name.ts';
import type { Reason } from './reasons.ts';
import type { ReferencedObject } from './referenced-object.ts';
import { checkReference, type SpecReference, specReferences } from './references/relay-references.ts';
import { relayApiVersion, relayKind, type SmtpRelay } from './smtp-relay.ts';
import { parseRelay } from './validate-relay.ts';
import { nearestName } from './validation/nearest-name.ts';

export interface ValidationProblem {
  readonly file: string;
  readonly position: Position | undefined;
  readonly severity: 'error' | 'warning';
  /** Such as `SmtpRelay mail/corporate`; undefined where a document does not say what it is. */
  readonly object: string | undefined;
  readonly fieldPath: string;
  /** Undefined for what is wrong with the file itself. */
  readonly reason: string | undefined;
  readonly message: string;
}

export interface ValidationOptions {
  /** Of objects that name none. */
  readonly namespace: string;
  /** Secrets and ConfigMaps may be elsewhere. */
  readonly allowMissingReferences: boolean;
}

export interface Validation {
  /** Relays, Secrets and ConfigMaps looked at. */
  readonly resources: number;
  readonly relays: number;
  /** In the order of the files, then of the lines. */
  readonly problems: readonly ValidationProblem[];
}

export function validateManifests(files: readonly ManifestFile[], options: ValidationOptions): Validation {
  const documents = files.flatMap((file) => file.documents);
  const declared = documents.flatMap((document) => declaredBy(document, options.namespace) ?? []);
  const relays = declared.filter(({ kind }) => kind === 'SmtpRelay');
  const index = firstOfEach(declared);
  const problems = [
    ...files.flatMap((file) => file.problems.filter(concernsUs).map(fileProblem)),
    ...documents.flatMap(unknownKind),
    ...declared.flatMap((one) => declaredTwice(one, index)),
    ...declared.flatMap(unreadableData),
    ...relays.flatMap((relay) => relayProblems(relay, { index, options })),
  ];
  const fileOrder = new Map(
    files.flatMap((file) => [...file.problems, ...file.documents]).map(({ file }, at) => [file, at]),
  );
  return {
    resources: declared.filter(({ readable }) => readable).length,
    relays: relays.length,
    problems: problems.sort(
      (one, other) =>
        (fileOrder.get(one.file) ?? 0) - (fileOrder.get(other.file) ?? 0) ||
        (one.position?.line ?? 0) - (other.position?.line ?? 0) ||
        (one.position?.column ?? 0) - (other.position?.column ?? 0),
    ),
  };
}

/** An error may hide a relay; a warning about another kind is none of our business. */
function concernsUs({ warning, object }: FileProblem): boolean {
  return !warning || object === undefined || /^(SmtpRelay|Secret|ConfigMap)( |$)/.test(object);
}

function fileProblem({ warning, ...problem }: FileProblem): ValidationProblem {
  return { ...problem, severity: warning ? 'warning' : 'error', reason: undefined };
}

type Index = ReadonlyMap<string, Declared>;

function firstOfEach(declared: readonly Declared[]): Index {
  const index = new Map<string, Declared>();
  for (const one of declared) {
    if (!index.has(keyOf(one))) index.set(keyOf(one), one);
  }
  return index;
}

function keyOf({ kind, namespace, name }: Pick<Declared, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace}/${name}`;
}

/** A kind of our group that there is none of: a typing error, which kubectl would refuse. */
function unknownKind(document: ManifestDocument): ValidationProblem[] {
  const { apiVersion, kind } = document.value;
  if (typeof apiVersion !== 'string' || !apiVersion.includes('/') || !isRelayGroup(apiVersion)) return [];
  if (typeof kind !== 'string' || kind === relayKind) return [];
  const near = nearestName(kind, [relayKind]);
  const hint = near === undefined ? `the kind there is ${relayKind}` : `did you mean ${near}?`;
  const message = `there is no kind ${kind} in ${relayApiVersion}; ${hint}`;
  return [
    problemAt(document, { object: objectName(document.value), fieldPath: 'kind', reason: 'SchemaInvalid', message }),
  ];
}

function declaredTwice(one: Declared, index: Index): ValidationProblem[] {
  const first = index.get(keyOf(one));
  if (!first || first === one || one.name === '') return [];
  const message = `${keyOf(one)} is declared twice: here and at ${placeText(first.document)}; keep one of them`;
  return [
    problemAt(one.document, { object: keyOf(one), fieldPath: 'metadata.name', reason: 'SchemaInvalid', message }),
  ];
}

function unreadableData(one: Declared): ValidationProblem[] {
  if (!one.readable || one.kind === 'SmtpRelay') return [];
  const data = objectData(one.document.value);
  if (data.kind === 'decoded') return [];
  return [problemAt(one.document, { ...data, object: keyOf(one), reason: 'SecretValueInvalid' })];
}

interface Surroundings {
  readonly index: Index;
  readonly options: ValidationOptions;
}

function relayProblems(declared: Declared, surroundings: Surroundings): ValidationProblem[] {
  const object = declared.name === '' ? relayKind : keyOf(declared);
  const parsed = parseRelay(declared.document.value, surroundings.options.namespace);
  if (parsed.kind === 'invalid') {
    return parsed.violations.map((violation) => problemAt(declared.document, { ...violation, object }));
  }
  return specReferences(parsed.relay.spec).flatMap((reference) =>
    referenceProblems(reference, parsed.relay, surroundings).map((problem) =>
      problemAt(declared.document, { ...problem, object }),
    ),
  );
}

type Found = Omit<Placed, 'object'>;

function referenceProblems(reference: SpecReference, relay: SmtpRelay, { index, options }: Surroundings): Found[] {
  const { namespace } = relay.metadata;
  const found = index.get(keyOf({ ...reference, namespace }));
  if (!found) return options.allowMissingReferences ? [] : [missing(reference, namespace, index)];
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

function missing({ kind, name, fieldPath }: SpecReference, namespace: string, index: Index): Found {
  const reason: Reason = kind === 'Secret' ? 'SecretNotFound' : 'ConfigMapNotFound';
  const elsewhere = [...index.values()].find((one) => one.kind === kind && one.name === name);
  const hint = elsewhere
    ? `; there is one in namespace "${elsewhere.namespace}", but a relay refers to its own namespace`
    : '';
  const message = `${kind} "${name}" is not in namespace "${namespace}" of the given files${hint}`;
  return { fieldPath: `${fieldPath}.name`, reason, message };
}

/** Undefined where its data is wrong, which is a problem of its own. */
function referencedObject({ value }: ManifestDocument): ReferencedObject | undefined {
  const data = objectData(value);
  if (data.kind === 'invalid') return undefined;
  const type = value.type;
  return { resourceVersion: '', type: typeof type === 'string' ? type : '', data: data.data };
}

interface Placed {
  readonly object: string | undefined;
  readonly fieldPath: string;
  readonly reason: string;
  readonly message: string;
  readonly severity?: 'warning';
}

function problemAt(document: ManifestDocument, placed: Placed): ValidationProblem {
  const { object, fieldPath, reason, message, severity = 'error' } = placed;
  return {
    file: document.file,
    position: document.positionOf(fieldPath),
    severity,
    object,
    fieldPath,
    reason,
    message,
  };
}

function placeText({ file, position }: ManifestDocument): string {
  return `${file}:${position.line}`;
}
