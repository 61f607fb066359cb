// Judges a NotificationPolicy as the API server would, and by what CEL cannot say.
import type { JsonObject } from './json.ts';
import { type NotificationPolicy, type NotificationPolicySpec, policyKind } from './notification-policy.ts';
import { policyViolations } from './policy-rules.ts';
import { policySchema } from './schema.ts';
import { relayApiVersion } from './smtp-relay.ts';
import { compileKind, type ParsedObject } from './validation/parse-object.ts';

export type ParsedPolicy =
  | { readonly kind: 'valid'; readonly policy: NotificationPolicy }
  | Extract<ParsedObject, { kind: 'invalid' }>;

/** The policy with its defaults, as a copy of its own, without status; or everything that is wrong with it. */
export function parsePolicy(manifest: unknown, defaultNamespace = 'default'): ParsedPolicy {
  const parsed = parse(manifest, defaultNamespace);
  if (parsed.kind === 'invalid') return parsed;
  // The schema has just been held against it, which is what makes this type true.
  return { kind: 'valid', policy: parsed.object as unknown as NotificationPolicy };
}

const parse = compileKind({
  apiVersion: relayApiVersion,
  kind: policyKind,
  noun: 'policy',
  schema: policySchema,
  beyondCel: ({ spec }: JsonObject) => policyViolations(spec as NotificationPolicySpec),
});
