// Which relays a policy's mail may leave through now, in order, and what that says about the policy. Pure.
import type { DesiredCondition } from '../api/conditions.ts';
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import { admits } from '../api/relay-admission.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { Condition, SmtpRelaySpec } from '../api/smtp-relay.ts';
import type { Violation } from '../api/violation.ts';

/** A relay as far as a policy cares; undefined where it does not exist or its spec cannot be used. */
export interface ChainRelay {
  readonly key: Key;
  readonly allowedNamespaces: SmtpRelaySpec['allowedNamespaces'];
  readonly suspended: boolean;
  readonly ready: Condition | undefined;
}

export interface ChainFacts {
  readonly policy: Key;
  /** Labels of the policy's namespace. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly find: (key: Key) => ChainRelay | undefined;
}

export type RelayChain =
  /** A reference is missing or not allowed. */
  | { readonly kind: 'unresolved'; readonly violation: Violation }
  | {
      readonly kind: 'resolved';
      /** All that may be used, in order; what is not ready is passed over at delivery. */
      readonly relays: readonly Key[];
      readonly condition: DesiredCondition;
    };

export function relayChain(
  { relayRef, fallbackRelayRefs = [] }: Pick<NotificationPolicySpec, 'relayRef' | 'fallbackRelayRefs'>,
  facts: ChainFacts,
): RelayChain {
  const relays: ChainRelay[] = [];
  for (const [index, ref] of [relayRef, ...fallbackRelayRefs].entries()) {
    const fieldPath = index === 0 ? 'spec.relayRef' : `spec.fallbackRelayRefs[${index - 1}]`;
    const key = { namespace: ref.namespace || facts.policy.namespace, name: ref.name };
    const relay = facts.find(key);
    const violation = relay ? notAllowed(relay, facts, fieldPath) : missing(key, fieldPath);
    if (violation) return { kind: 'unresolved', violation };
    if (relay) relays.push(relay);
  }
  return { kind: 'resolved', relays: relays.map(({ key }) => key), condition: condition(relays) };
}

function missing(key: Key, fieldPath: string): Violation {
  return { reason: 'RelayNotFound', fieldPath, message: `SmtpRelay "${keyText(key)}" does not exist` };
}

function notAllowed(
  { key, allowedNamespaces }: ChainRelay,
  facts: ChainFacts,
  fieldPath: string,
): Violation | undefined {
  const { namespace } = facts.policy;
  const relay = { namespace: key.namespace, allowedNamespaces };
  if (admits(relay, { name: namespace, labels: facts.namespaceLabels }) === 'yes') return undefined;
  const message = `SmtpRelay "${keyText(key)}" is not for policies of namespace ${namespace} (its spec.allowedNamespaces)`;
  return { reason: 'ReferenceNotAllowed', fieldPath, message };
}

function condition(relays: readonly ChainRelay[]): DesiredCondition {
  const [first] = relays;
  const usable = relays.find(({ ready, suspended }) => ready?.status === 'True' && !suspended);
  if (usable === first && first) {
    return {
      type: 'RelayReady',
      status: 'True',
      reason: 'RelayReady',
      message: `Mail leaves through ${keyText(first.key)}`,
    };
  }
  const why = first?.ready ? `${first.ready.reason}: ${first.ready.message}` : 'it was not probed yet';
  const primary = first ? `SmtpRelay "${keyText(first.key)}" is not ready (${why})` : 'there is no relay';
  if (usable) {
    const message = `${primary}; mail leaves through the fallback ${keyText(usable.key)}`;
    return { type: 'RelayReady', status: 'True', reason: 'UsingFallback', message };
  }
  const unknown = first?.ready === undefined || first.ready.status === 'Unknown';
  const message = `${primary}; mail waits until a relay is ready`;
  return { type: 'RelayReady', status: unknown ? 'Unknown' : 'False', reason: 'NoRelayReady', message };
}
