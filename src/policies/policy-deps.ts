// What the policies room needs from outside; time, randomness and the network come in here.
import type { DelivererDeps } from '../mail/delivery/deliverer.ts';
import type { LoginMemory } from '../mail/delivery/relay-directory.ts';
import type { DeliveryHistory } from '../mail/delivery-history.ts';
import type { Ledger } from '../mail/ledger.ts';
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { OperatorSettings } from '../relays/operator-settings.ts';
import type { Log } from '../relays/relay-deps.ts';
import type { Clock } from '../store/clock.ts';
import type { PolicyStore } from '../store/policy-store.ts';
import type { Store } from '../store/store.ts';
import type { AlarmDeps } from './alarms/alarm-deps.ts';
import type { PolicyMeter } from './policy-meter.ts';

export interface PolicyDeps {
  readonly store: PolicyStore;
  readonly relays: Pick<Store, 'list' | 'get' | 'read'>;
  readonly outbox: Outbox;
  readonly ledger: Ledger;
  readonly history: Pick<DeliveryHistory, 'add' | 'tidy'>;
  readonly logins: LoginMemory;
  readonly tokens: DelivererDeps['tokens'];
  readonly settings: Pick<OperatorSettings, 'statusHeartbeat' | 'ehloName' | 'hostName' | 'deniedCidrs'>;
  readonly log: Log;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  /** This replica's name, for `status.rules[].sentBy`. */
  readonly identity: string;
  /** Whether this replica sends reminders now; credentials any replica sends. */
  readonly mayRemind: () => boolean;
  /** Absent: this process runs no alarm rules. */
  readonly alarms?: AlarmDeps | undefined;
  /** False: what is in the outbox others send. */
  readonly delivers?: boolean;
  /** Milliseconds that messages under way have to end after a stop. */
  readonly grace: number;
  /** Absent: nothing is counted. */
  readonly meter?: PolicyMeter | undefined;
}
