// The SmtpRelay schema of the CRD, as the API server validates with it: a structural schema of OpenAPI v3.
import crd from './generated/smtp-relay-crd.json' with { type: 'json' };

/** The part of a structural schema that validation reads. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly 'x-kubernetes-validations'?: readonly Rule[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** One CEL rule of `x-kubernetes-validations`. */
export interface Rule {
  readonly rule: string;
  readonly message: string;
  /** Where it is reported below the schema's own place, such as `.probe`. */
  readonly fieldPath?: string;
}

export const relaySchema: Schema = schemaOfVersion('v1alpha1');

function schemaOfVersion(name: string): Schema {
  const versions: readonly { name: string; schema: { openAPIV3Schema: unknown } }[] = crd.spec.versions;
  const version = versions.find((candidate) => candidate.name === name);
  if (!version) throw new Error(`the CRD has no version ${name}`);
  return version.schema.openAPIV3Schema as Schema;
}
