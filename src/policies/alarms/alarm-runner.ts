// The port to running alarm rules, as the rest of the policies room uses it.
import type { Key } from '../../api/resource.ts';
import type { PolicyScene } from '../read-policy.ts';
import type { AlarmRuleFacts } from './rule-facts.ts';

export interface AlarmRunner {
  /** The policy can be run: its mails are made with this. */
  adopt(scene: PolicyScene): void;
  /** Its mails wait (suspended, rejected, unresolved), or it is gone: what its rules do follows from the store. */
  leave(key: Key): void;
  /** A relay, or its status, may have changed. */
  relayChanged(key: Key): void;
  /** This replica has become the one that runs alarm rules, or is it no longer. */
  holderChanged(): void;
  /** Of a rule's status; undefined where this replica does not run it, or not yet. */
  facts(policy: Key, rule: string): AlarmRuleFacts | undefined;
  /** Resolves once all that came in was taken, and what is due now was brought to the outbox. */
  idle(): Promise<void>;
  /** Resolves once nothing is under way after the signal aborted. */
  readonly ended: Promise<void>;
}
