// What relays and policies ask of an installation: names to resolve, objects to read, kinds to watch. Reads what is there as
// it is: an object that is wrong elsewhere may still name a host.
import { isObject } from '../../api/json.ts';

export interface DeclaredFacts {
  readonly relays: number;
  readonly policies: number;
  /** The host of each relay, with the relays (NAMESPACE/NAME) that name it. */
  readonly hosts: ReadonlyMap<string, readonly string[]>;
  /** Secrets and ConfigMaps that are named. */
  readonly references: readonly NamedReference[];
  /** Those that relays and policies are in. */
  readonly namespaces: readonly string[];
  /** NAMESPACE/POLICY/ALARM of each rule that takes alarms by the webhook. */
  readonly webhookRules: readonly string[];
  /** Some alarm rule looks at Events of the cluster. */
  readonly needsEvents: boolean;
  /** The kinds whose conditions or ends are looked at. */
  readonly watchedKinds: readonly WatchedKind[];
}

export interface NamedReference {
  readonly namespace: string;
  readonly resource: 'secrets' | 'configmaps';
  readonly name: string;
}

export interface WatchedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

export function declaredFacts(relays: readonly unknown[], policies: readonly unknown[]): DeclaredFacts {
  const all = [...relays, ...policies].map(objectOf);
  const alarms = policies
    .map(objectOf)
    .flatMap(({ key, spec }) =>
      listOf(spec.alarms).map((rule) => ({ of: key, name: textOf(rule.name), sources: asObject(rule.sources) })),
    );
  const reminders = policies.map(objectOf).flatMap(({ spec }) => listOf(spec.reminders));
  const kinds = [
    ...alarms.flatMap(({ sources }) => listOf(sources.resourceConditions)),
    ...reminders.map(({ subjects }) => asObject(asObject(subjects).resources)),
  ];
  return {
    relays: relays.length,
    policies: policies.length,
    hosts: hostsOf(relays),
    references: distinct(all.flatMap(({ namespace, spec }) => referencesIn(namespace, spec))),
    namespaces: [...new Set(all.map(({ namespace }) => namespace))].sort(),
    webhookRules: alarms.filter(({ sources }) => isObject(sources.webhook)).map(({ of, name }) => `${of}/${name}`),
    needsEvents: alarms.some(({ sources }) => isObject(sources.kubernetesEvents)),
    watchedKinds: distinct(
      kinds
        .map(({ apiVersion, kind }) => ({ apiVersion: textOf(apiVersion), kind: textOf(kind) }))
        .filter(({ kind }) => kind !== ''),
    ),
  };
}

function hostsOf(relays: readonly unknown[]): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>();
  for (const { key, spec } of relays.map(objectOf)) {
    const host = textOf(spec.host);
    if (host !== '') hosts.set(host, [...(hosts.get(host) ?? []), key]);
  }
  return hosts;
}

/** Every field named …SecretRef or …ConfigMapRef, wherever it stands. */
function referencesIn(namespace: string, value: unknown): NamedReference[] {
  if (Array.isArray(value)) return value.flatMap((one) => referencesIn(namespace, one));
  return Object.entries(asObject(value)).flatMap(([field, inner]) => {
    const kind = /(secret|configmap)ref$/i.exec(field)?.[1]?.toLowerCase();
    const name = textOf(asObject(inner).name);
    if (kind === undefined || name === '') return referencesIn(namespace, inner);
    return [{ namespace, resource: `${kind}s` as NamedReference['resource'], name }];
  });
}

function objectOf(manifest: unknown) {
  const { metadata, spec } = asObject(manifest);
  const { namespace, name } = asObject(metadata);
  return { namespace: textOf(namespace), key: `${textOf(namespace)}/${textOf(name)}`, spec: asObject(spec) };
}

function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function distinct<One>(all: readonly One[]): One[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
