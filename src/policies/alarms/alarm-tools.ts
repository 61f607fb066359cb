// What the steps of a round share.
import type { Key } from '../../api/resource.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import type { PolicySpecs } from '../policy-specs.ts';
import type { PolicyScene } from '../read-policy.ts';
import type { RelayBook } from '../relay-book.ts';
import type { AlarmDeps } from './alarm-deps.ts';
import type { NotToldList } from './not-told.ts';

export interface AlarmTools
  extends Pick<PolicyDeps, 'store' | 'relays' | 'outbox' | 'settings' | 'clock' | 'log' | 'random'> {
  readonly alarms: AlarmDeps;
  readonly specs: PolicySpecs;
  readonly book: RelayBook;
  /** Of a policy that can be run now. */
  readonly scene: (policy: Key) => PolicyScene | undefined;
  /** Whether the policy was reconciled once since this process started. */
  readonly isLookedAt: (policy: Key) => boolean;
  /** This process reaches no relay of that name just now. */
  readonly isDown: (relay: Key) => boolean;
  /** What makes no mail; told once the journal has what came of it. */
  readonly notTold: NotToldList;
  /** Something came, of whatever source. */
  readonly wake: () => void;
  /** Whether this replica may still act. */
  readonly holds: () => boolean;
  /** What a policy's status says of its rules may have changed. */
  readonly changed: (policy: Key) => void;
}
