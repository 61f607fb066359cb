// The schemas of the CRDs, as the API server validates with them: structural schemas of OpenAPI v3.
import policyCrd from './generated/notification-policy-crd.json' with { type: 'json' };
import relayCrd from './generated/smtp-relay-crd.json' with { type: 'json' };

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

export const relaySchema: Schema = schemaOfVersion(relayCrd, 'v1alpha1');
export const policySchema: Schema = schemaOfVersion(policyCrd, 'v1alpha1');

interface Crd {
  readonly spec: {
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: unknown } }[];
  };
}

function schemaOfVersion(crd: Crd, name: string): Schema {
  const version = crd.spec.versions.find((candidate) => candidate.name === name);
  if (!version) throw new Error(`the CRD has no version ${name}`);
  return version.schema.openAPIV3Schema as Schema;
}
