// Reads all that a policy's rules need: its spec, the texts of its mails, its relays, whom it sends as.
import type { DesiredCondition } from '../api/conditions.ts';
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import { type Key, keyOf } from '../api/resource.ts';
import type { ParsedPolicy } from '../api/validate-policy.ts';
import type { Violation } from '../api/violation.ts';
import type { PolicyStore, StoredPolicy } from '../store/policy-store.ts';
import { chainRelay, type KnownRelay, type RelayBook } from './relay-book.ts';
import { relayChain } from './relay-chain.ts';
import {
  createTemplateFor,
  type RuleTemplate,
  type TemplateFor,
  templatesOf,
  templateViolation,
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
}

export async function readPolicy(stored: StoredPolicy, parsed: ParsedPolicy, deps: ReadDeps): Promise<PolicyReading> {
  if (parsed.kind === 'invalid') return { kind: 'rejected', violation: together(parsed.violations) };
  const { spec } = parsed.policy;
  const faulty = templatesOf(spec)
    .filter(({ template }) => !template?.configMapRef)
    .flatMap((rule) => templateViolation(rule, undefined) ?? []);
  const [first, ...others] = faulty;
  if (first) return { kind: 'rejected', violation: together([first, ...others]) };
  if (spec.suspend) return { kind: 'suspended' };
  const templates = await readTemplates(keyOf(stored), spec, deps.store);
  if (templates.kind !== 'templates') return templates;
  return resolve(stored, spec, { ...deps, templates: templates.byPath });
}

/** The first thing wrong, the others named after it. */
function together([first, ...more]: readonly [Violation, ...Violation[]]): Violation {
  return { ...first, message: `${first.message}${more.map((one) => `; ${one.fieldPath}: ${one.message}`).join('')}` };
}

type Templates =
  | { readonly kind: 'templates'; readonly byPath: ReadonlyMap<string, TemplateFor> }
  | Exclude<PolicyReading, { kind: 'usable' }>;

async function readTemplates(
  { namespace }: Key,
  spec: NotificationPolicySpec,
  store: Pick<PolicyStore, 'readTexts'>,
): Promise<Templates> {
  const byPath = new Map<string, TemplateFor>();
  for (const rule of templatesOf(spec)) {
    const name = rule.template?.configMapRef?.name;
    const texts =
      name === undefined
        ? { kind: 'texts' as const, texts: undefined }
        : await readTexts(rule, { namespace, name }, store);
    if (texts.kind !== 'texts') return texts;
    byPath.set(rule.fieldPath, createTemplateFor(rule, texts.texts));
  }
  return { kind: 'templates', byPath };
}

async function readTexts(rule: RuleTemplate, key: Key, store: Pick<PolicyStore, 'readTexts'>) {
  const fieldPath = `${rule.fieldPath}.configMapRef.name`;
  const found = await store.readTexts(key);
  switch (found.kind) {
    case 'found': {
      const texts = textsOf(found.object);
      const violation = templateViolation(rule, texts);
      return violation ? unresolved(violation) : { kind: 'texts' as const, texts };
    }
    case 'missing':
      return unresolved({
        reason: 'ConfigMapNotFound',
        fieldPath,
        message: `ConfigMap "${key.name}" does not exist in namespace ${key.namespace}`,
      });
    case 'denied':
      return unresolved({
        reason: 'AccessDenied',
        fieldPath,
        message: `the operator may not ${found.verb} ${found.resource} in namespace ${found.namespace}`,
      });
    case 'unavailable':
      return { kind: 'unavailable' as const, message: `ConfigMap "${key.name}" cannot be read: ${found.message}` };
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
    scene: { stored, key, spec, relays, relay: chain.condition, sender, redirectTo, templates },
  };
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
