// Which relays delivery may ask just now: what a policy, a relay's spec or its last probe says, without a look at Secrets.
import type { Key } from '../api/resource.ts';
import type { Availability } from '../mail/delivery/hold-back.ts';
import { relayHindrance } from './delivery-relays.ts';
import type { PolicySpecs } from './policy-specs.ts';
import type { RelayBook } from './relay-book.ts';

export interface PolicyAvailability extends Availability {
  /** A policy, a relay or its status may have changed. */
  changed(): void;
}

export function createAvailability({
  book,
  specs,
}: {
  readonly book: Pick<RelayBook, 'find'>;
  readonly specs: PolicySpecs;
}): PolicyAvailability {
  const listeners: (() => void)[] = [];

  function policyHolds({ policy, ruleKind }: { readonly policy: Key; readonly ruleKind: string }): boolean {
    const spec = specs(policy);
    if (spec === 'gone') return false;
    // A test is asked for by hand.
    return spec === 'unreadable' || spec.suspend || (spec.mode === 'DryRun' && ruleKind !== 'Test');
  }

  return {
    mayAsk(relay, { identity }) {
      const known = book.find(relay);
      return !policyHolds(identity) && known !== undefined && relayHindrance(known) === undefined;
    },
    onChange: (listener) => void listeners.push(listener),
    changed() {
      for (const listener of listeners) listener();
    },
  };
}
