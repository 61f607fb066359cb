// Are the custom resources there, and are they those that this program was built for? By the schemas that the API server
// publishes (/openapi/v3), which everybody may read, unlike the CustomResourceDefinitions themselves.
import { isObject } from '../../api/json.ts';
import { policySchema, relaySchema, type Schema } from '../../api/schema.ts';
import type { ApiResult } from '../../store/kubernetes/api-client.ts';
import { type CustomResource, policyResource, relayResource } from '../../store/kubernetes/custom-resource.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { type Check, type Finding, fine, wrong } from './finding.ts';
import { type SchemaDifference, schemaDifferences } from './schema-difference.ts';

export const definitionsCheck: Check<ClusterWorld> = { name: 'custom resources', look };

const kinds: readonly (readonly [CustomResource, Schema])[] = [
  [relayResource, relaySchema],
  [policyResource, policySchema],
];

async function look({ client }: ClusterWorld, signal: AbortSignal): Promise<readonly Finding[]> {
  const { group, version } = relayResource;
  const served = await client.call({ method: 'GET', path: `/apis/${group}/${version}` }, signal);
  const published = await client.call({ method: 'GET', path: `/openapi/v3/apis/${group}/${version}` }, signal);
  return kinds.map(([resource, schema]) => judged({ resource, schema }, { served, published }));
}

interface Wanted {
  readonly resource: CustomResource;
  readonly schema: Schema;
}

function judged(
  { resource, schema }: Wanted,
  { served, published }: Readonly<Record<'served' | 'published', ApiResult>>,
): Finding {
  const { kind, apiVersion, resource: plural, group } = resource;
  if (served.kind === 'failed')
    return wrong(`${kind} cannot be looked for: ${served.message}.`, 'Look at the API server.');
  const names = served.kind === 'ok' ? namesIn(served.body) : [];
  if (!names.includes(plural)) return wrong(`The cluster knows no ${kind} of ${apiVersion}.`, applyRemedy);
  if (!names.includes(`${plural}/status`)) return wrong(`${plural}.${group} has no subresource status.`, applyRemedy);
  if (published.kind !== 'ok') {
    const why = published.kind === 'failed' ? published.message : `${published.status} ${published.message}`;
    return wrong(
      `The schema of ${kind} cannot be read from /openapi/v3: ${why}.`,
      'Grant system:discovery to who asks.',
    );
  }
  const differences = differencesOf(schema, schemaIn(published.body, kind));
  if (differences.length === 0)
    return fine(`${kind} of ${apiVersion} is there, in the form that this program was built for.`);
  return wrong(`${kind} is another version than this program's: ${differenceText(differences)}.`, applyRemedy);
}

const applyRemedy =
  "Apply the CustomResourceDefinitions of this very version: kubectl apply --server-side -f crds/ (with Helm: helm upgrade), or run the operator of the cluster's version.";

/** Metadata and the two above it are the API server's own. */
function differencesOf(wanted: Schema, installed: unknown): readonly SchemaDifference[] {
  const theirs = isObject(installed) && isObject(installed.properties) ? installed.properties : {};
  return ['spec', 'status'].flatMap((part) => schemaDifferences(wanted.properties?.[part], theirs[part], part));
}

const named = 3;

function differenceText(differences: readonly SchemaDifference[]): string {
  const words = { missing: 'lacks', unknown: 'has besides', changed: 'says otherwise in' } as const;
  const parts = differences.slice(0, named).map(({ path, kind }) => `it ${words[kind]} ${path}`);
  const more = differences.length - parts.length;
  return `${parts.join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}

function namesIn(list: unknown): readonly unknown[] {
  return isObject(list) && Array.isArray(list.resources) ? list.resources.map((one) => isObject(one) && one.name) : [];
}

/** By group, version and kind: how its schemas are named is the API server's own affair. */
function schemaIn(document: unknown, kind: string): unknown {
  const components = isObject(document) && isObject(document.components) ? document.components.schemas : {};
  return Object.values(isObject(components) ? components : {}).find((schema) => {
    const marks = isObject(schema) ? schema['x-kubernetes-group-version-kind'] : undefined;
    return Array.isArray(marks) && marks.some((mark) => isObject(mark) && mark.kind === kind);
  });
}
