// Reads all that a policy's rules need: its spec, the texts of its mails, its relays, whom it sends as.
import { setImmediate } from 'node:timers/promises';
import type { DesiredCondition } from '../api/conditions.ts';
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import { type Key, keyOf } from '../api/resource.ts';
import type { ParsedPolicy } from '../api/validate-policy.ts';
import type { Violation } from '../api/violation.ts';
import type { PolicyStore, StoredPolicy } from '../store/policy-store.ts';
import type { SecretTexts } from './alarms/secret-texts.ts';
import { webhookSecrets } from './alarms/webhook-rules.ts';
import { chainRelay, type KnownRelay, type RelayBook } from './relay-book.ts';
import { relayChain } from './relay-chain.ts';
import {
  type CheckedTemplate,
  type CheckTemplate,
  type RuleTemplate,
  type TemplateFor,
  templatesOf,
  textsOf,
} from './rule-templates.ts';
import { type Sender, senderOf } from './sender.ts';

/** A policy that can be run. */
export interface PolicyScene {
  readonly stored: StoredPolicy;
  readonly key: Key;
  readonly spec: NotificationPolicySpec;
  /** In order, the first one first. */
  readonly relays: readonly KnownRelay[];
  readonly relay: DesiredCondition;
  readonly sender: Sender;
  /** Where every mail goes instead. */
  readonly redirectTo: string | undefined;
  /** A Secret of a webhook that cannot be used; all else goes on. */
  readonly unresolved?: Violation | undefined;
  /** By the rule's field path, such as `spec.credentials[0].template`. */
  readonly templates: ReadonlyMap<string, TemplateFor>;
}

export type PolicyReading =
  | { readonly kind: 'rejected'; readonly violation: Violation }
  | { readonly kind: 'suspended' }
  | { readonly kind: 'unresolved'; readonly violation: Violation }
  /** The store could not say. */
  | { readonly kind: 'unavailable'; readonly message: string }
  | { readonly kind: 'usable'; readonly scene: PolicyScene };

export interface ReadDeps {
  readonly store: Pick<PolicyStore, 'namespaces' | 'readTexts'>;
  readonly book: RelayBook;
  readonly checkTemplate: CheckTemplate;
  /** Absent: Secrets of webhooks are not looked at. */
  readonly secrets?: SecretTexts | undefined;
}

export async function readPolicy(stored: StoredPolicy, parsed: ParsedPolicy, deps: ReadDeps): Promise<PolicyReading> {
  if (parsed.kind === 'invalid') return { kind: 'rejected', violation: together(parsed.violations) };
  const { spec } = parsed.policy;
  const faulty = await faults(spec, deps);
  const [first, ...others] = faulty;
  if (first) return { kind: 'rejected', violation: together([first, ...others]) };
  if (spec.suspend) return { kind: 'suspended' };
  const templates = await readTemplates(keyOf(stored), spec, deps);
  if (templates.kind !== 'templates') return templates;
  const reading = resolve(stored, spec, { ...deps, templates: templates.byPath });
  if (reading.kind !== 'usable') return reading;
  return { kind: 'usable', scene: { ...reading.scene, unresolved: await webhookFault(keyOf(stored), spec, deps) } };
}

/** What the store cannot say just now is no fault. */
async function webhookFault(
  policy: Key,
  spec: NotificationPolicySpec,
  { secrets }: Pick<ReadDeps, 'secrets'>,
): Promise<Violation | undefined> {
  for (const ref of secrets ? webhookSecrets(policy, spec).values() : []) {
    const found = (await secrets?.(ref))?.found;
    if (found?.kind === 'unusable') return found.violation;
  }
  return undefined;
}

/** Of the texts that stand in the manifest. */
async function faults(spec: NotificationPolicySpec, { checkTemplate }: Pick<ReadDeps, 'checkTemplate'>) {
  const found: Violation[] = [];
  for (const rule of templatesOf(spec)) {
    const checked = rule.template?.configMapRef ? undefined : checkTemplate(rule, undefined);
    if (checked?.kind === 'violation') found.push(checked.violation);
    // Each may take its time; connections and leases must not wait for all of them.
    await setImmediate();
  }
  return found;
}

/** The first thing wrong, the others named after it. */
function together([first, ...more]: readonly [Violation, ...Violation[]]): Violation {
  return { ...first, message: `${first.message}${more.map((one) => `; ${one.fieldPath}: ${one.message}`).join('')}` };
}

type Templates =
  | { readonly kind: 'templates'; readonly byPath: ReadonlyMap<string, TemplateFor> }
  | Exclude<PolicyReading, { kind: 'usable' }>;

type Reading = Pick<ReadDeps, 'store' | 'checkTemplate'>;

async function readTemplates({ namespace }: Key, spec: NotificationPolicySpec, deps: Reading): Promise<Templates> {
  const byPath = new Map<string, TemplateFor>();
  for (const rule of templatesOf(spec)) {
    const name = rule.template?.configMapRef?.name;
    const checked =
      name === undefined ? deps.checkTemplate(rule, undefined) : await readTexts(rule, { namespace, name }, deps);
    if (checked.kind === 'violation') return unresolved(checked.violation);
    if (checked.kind === 'unavailable') return checked;
    byPath.set(rule.fieldPath, checked.templateFor);
  }
  return { kind: 'templates', byPath };
}

type TextsRead = CheckedTemplate | Extract<PolicyReading, { readonly kind: 'unavailable' }>;

async function readTexts(rule: RuleTemplate, key: Key, { store, checkTemplate }: Reading): Promise<TextsRead> {
  const wrong = (reason: Violation['reason'], message: string): TextsRead => {
    return { kind: 'violation', violation: { reason, fieldPath: `${rule.fieldPath}.configMapRef.name`, message } };
  };
  const found = await store.readTexts(key);
  switch (found.kind) {
    case 'found':
      return checkTemplate(rule, { version: found.object.resourceVersion, texts: textsOf(found.object) });
    case 'missing':
      return wrong('ConfigMapNotFound', `ConfigMap "${key.name}" does not exist in namespace ${key.namespace}`);
    case 'denied': {
      const { verb, resource, namespace } = found;
      return wrong('AccessDenied', `the operator may not ${verb} ${resource} in namespace ${namespace}`);
    }
    case 'unavailable':
      return { kind: 'unavailable', message: `ConfigMap "${key.name}" cannot be read: ${found.message}` };
  }
}

interface Resolving extends ReadDeps {
  readonly templates: ReadonlyMap<string, TemplateFor>;
}

function resolve(stored: StoredPolicy, spec: NotificationPolicySpec, deps: Resolving): PolicyReading {
  const { book, store, templates } = deps;
  const key = keyOf(stored);
  const find = (relay: Key) => {
    const known = book.find(relay);
    return known && chainRelay(known);
  };
  const chain = relayChain(spec, { policy: key, namespaceLabels: labelsOf(key.namespace, store), find });
  if (chain.kind === 'unresolved') return chain;
  const relays = chain.relays.flatMap((relay) => book.find(relay) ?? []);
  const sender = senderOf(
    key,
    spec,
    relays.map(({ key: name, relay }) => ({ key: name, spec: relay.spec })),
  );
  if (sender.kind === 'violation') return unresolved(sender.violation);
  const redirectTo = sandboxOf(relays);
  return {
    kind: 'usable',
    scene: {
      stored,
      key,
      spec,
      relays,
      relay: withSandbox(chain.condition, redirectTo),
      sender,
      redirectTo,
      templates,
    },
  };
}

function withSandbox(condition: DesiredCondition, redirectTo: string | undefined): DesiredCondition {
  if (redirectTo === undefined) return condition;
  const message = `${condition.message}; every mail goes to ${redirectTo} instead (spec.sandbox of a relay)`;
  return { ...condition, message };
}

export function labelsOf(namespace: string, store: Pick<PolicyStore, 'namespaces'>): Readonly<Record<string, string>> {
  return store.namespaces().find(({ name }) => name === namespace)?.labels ?? {};
}

export function sandboxOf(relays: readonly Pick<KnownRelay, 'relay'>[]): string | undefined {
  return relays.map(({ relay }) => relay.spec.sandbox.redirectTo).find(Boolean);
}

function unresolved(violation: Violation): { readonly kind: 'unresolved'; readonly violation: Violation } {
  return { kind: 'unresolved', violation };
}
