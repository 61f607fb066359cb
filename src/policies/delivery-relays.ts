// Answers delivery's questions about relays: which ones a message may leave through, and all that it takes to do so.

import { parseAddress } from '../api/mail-address.ts';
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import { signDkim } from '../mail/compose/sign-dkim.ts';
import type { DeliveryRelay, RelayDirectory, RelayLookup } from '../mail/delivery/relay-directory.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import { loginName } from '../relays/login-name.ts';
import { makeTarget } from '../relays/make-target.ts';
import { referencesOf } from '../relays/references.ts';
import { type ResolvedReferences, resolveReferences } from '../relays/resolve-references.ts';
import { alarmSenderOf } from './alarms/alarm-sender.ts';
import type { PolicyDeps } from './policy-deps.ts';
import type { PolicySpecs } from './policy-specs.ts';
import { labelsOf, sandboxOf } from './read-policy.ts';
import { chainRelay, type KnownRelay, type RelayBook } from './relay-book.ts';
import { relayChain } from './relay-chain.ts';
import { senderOf } from './sender.ts';

export type DirectoryDeps = Pick<PolicyDeps, 'store' | 'relays' | 'settings' | 'clock'> & {
  readonly book: RelayBook;
  readonly specs: PolicySpecs;
};

/** How long what the Secrets of a relay held may be used without another look. */
const referencesHold = 10_000;

interface HeldReferences {
  readonly resolved: ResolvedReferences;
  readonly stored: object;
  readonly until: number;
}

export function createDeliveryRelays(deps: DirectoryDeps): RelayDirectory & { readonly changed: (key: Key) => void } {
  const held = new Map<string, HeldReferences>();

  async function resolved({ key, stored, relay }: KnownRelay): Promise<ResolvedReferences> {
    const name = keyText(key);
    const known = held.get(name);
    if (known?.stored === stored && deps.clock.now() < known.until) return known.resolved;
    const fresh = await resolveReferences(referencesOf(key, relay.spec), relay.spec, deps.relays);
    const kept = { resolved: fresh, stored, until: deps.clock.now() + referencesHold };
    held.set(name, kept);
    // It holds passwords: what nobody asks for any more is not kept.
    setTimeout(() => held.get(name) === kept && held.delete(name), referencesHold).unref();
    return fresh;
  }

  return {
    relaysFor(entry) {
      const { policy } = entry.identity;
      const terms = termsOf(entry, deps);
      // What a deleted policy left is dropped; what one left that cannot be read waits for its correction.
      if (terms === 'gone') return [];
      return terms === 'unreadable' ? [policy] : chainKeys(terms, policy);
    },
    async lookUp(key, entry) {
      const spec = termsOf(entry, deps);
      if (spec === 'gone' || spec === 'unreadable')
        return unusable('PolicyInvalid', 'The policy cannot be used at present.');
      if (spec.suspend) return unusable('Suspended', 'The policy is suspended (spec.suspend).');
      // What was accepted before waits too; a test is asked for by hand.
      if (spec.mode === 'DryRun' && entry.identity.ruleKind !== 'Test')
        return unusable('DryRun', 'The policy sends nothing (spec.mode: DryRun).');
      const known = deps.book.find(key);
      if (!known)
        return unusable('RelayNotFound', `SmtpRelay "${keyText(key)}" does not exist, or its spec is invalid.`);
      const hindrance = policyHindrance(spec, entry, deps) ?? relayHindrance(known);
      if (hindrance) return hindrance;
      const references = await resolved(known);
      if (references.kind === 'resolved') return { kind: 'usable', relay: deliveryRelay(known, references, deps) };
      const message = references.kind === 'violation' ? references.violation.message : references.message;
      return unusable(references.kind === 'violation' ? references.violation.reason : 'Unavailable', message);
    },
    changed: (key) => void held.delete(keyText(key)),
  };
}

/** What of a policy delivery goes by. */
type DeliveryTerms = Pick<NotificationPolicySpec, 'relayRef' | 'fallbackRelayRefs' | 'from' | 'suspend' | 'mode'>;

/** Alarms of a deleted policy go by what it said when they were accepted. */
function termsOf(
  { identity, route }: OutboxEntry,
  { specs }: Pick<DirectoryDeps, 'specs'>,
): DeliveryTerms | 'gone' | 'unreadable' {
  const spec = specs(identity.policy);
  const [relayRef, ...fallbackRelayRefs] = route?.relays ?? [];
  if (spec !== 'gone' || !route || !relayRef) return spec;
  const from = route.from === undefined ? {} : { from: { address: route.from } };
  return { relayRef, fallbackRelayRefs, ...from, suspend: false, mode: 'Active' };
}

/** As the policy names them, the first one first. */
export function chainKeys(
  { relayRef, fallbackRelayRefs = [] }: Pick<NotificationPolicySpec, 'relayRef' | 'fallbackRelayRefs'>,
  policy: Key,
): Key[] {
  return [relayRef, ...fallbackRelayRefs].map(({ name, namespace }) => ({
    namespace: namespace || policy.namespace,
    name,
  }));
}

/** What was declared when the message was accepted may have been taken back. */
function policyHindrance(
  spec: DeliveryTerms,
  entry: OutboxEntry,
  { store, book, settings }: DirectoryDeps,
): RelayLookup | undefined {
  const { policy } = entry.identity;
  const chain = relayChain(spec, {
    policy,
    namespaceLabels: labelsOf(policy.namespace, store),
    find(key) {
      const known = book.find(key);
      return known && chainRelay(known);
    },
  });
  // One that is missing is passed over; the others may go on.
  if (chain.kind === 'unresolved' && chain.violation.reason === 'ReferenceNotAllowed') {
    return unusable(chain.violation.reason, chain.violation.message);
  }
  const relays = chainKeys(spec, policy).flatMap((key) => book.find(key) ?? []);
  const sender =
    entry.identity.ruleKind === 'Alarm'
      ? alarmSenderOf(policy, spec, { relays, settings })
      : senderOf(
          policy,
          spec,
          relays.map(({ key, relay }) => ({ key, spec: relay.spec })),
        );
  if (sender.kind === 'violation') return unusable(sender.violation.reason, sender.violation.message);
  const redirectTo = sandboxOf(relays);
  if (redirectTo === undefined || isSame(redirectTo, entry.envelope.to)) return undefined;
  return unusable(
    'Sandboxed',
    'A relay of the policy is a sandbox by now; this message was made for its real recipient.',
  );
}

/** One that was not probed yet is tried: its connection tells. */
export function relayHindrance({ key, stored, relay }: KnownRelay): RelayLookup | undefined {
  if (relay.spec.suspend) return unusable('Suspended', `SmtpRelay "${keyText(key)}" is suspended.`);
  const ready = stored.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'False') return undefined;
  return unusable(ready.reason, `SmtpRelay "${keyText(key)}" is not ready: ${ready.message}`);
}

function deliveryRelay(
  { key, stored, relay: { spec }, editedAt }: KnownRelay,
  { parts, versions }: ResolvedReferences & { kind: 'resolved' },
  { settings }: DirectoryDeps,
): DeliveryRelay {
  const { uid, generation } = stored.metadata;
  return {
    key,
    target: makeTarget(spec, { parts, settings, held: undefined }),
    revision: JSON.stringify([uid, generation, versions]),
    limits: spec.limits,
    allowedRecipientDomains: spec.allowedRecipientDomains,
    login: loginName(key.namespace, spec, versions),
    editedAt,
    sign: signerOf(spec, parts.dkimKey),
  };
}

function signerOf({ dkim }: KnownRelay['relay']['spec'], privateKey: string | undefined): DeliveryRelay['sign'] {
  if (!dkim || privateKey === undefined) return undefined;
  return async (raw) => {
    const signed = signDkim(raw, { domain: dkim.domain, selector: dkim.selector, privateKey });
    return signed.kind === 'signed' ? signed : { kind: 'signed', raw };
  };
}

function unusable(reason: string, message: string): RelayLookup {
  return { kind: 'unusable', reason, message };
}

function isSame(address: string, sent: string): boolean {
  const parsed = parseAddress(address);
  return parsed.kind === 'address' && parsed.text === sent;
}
