// What the parts of the kubernetes engine share.
import type { Clock } from '../../store/clock.ts';
import type { Records } from '../../store/records.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { Ledger } from '../ledger.ts';
import type { DueIndex } from './due-index.ts';
import type { Listeners } from './listeners.ts';
import type { OutboxEntry } from './outbox.ts';
import type { OutboxRecord } from './outbox-record.ts';
import type { RememberSent } from './remember-sent.ts';

export type RecordExtra = Omit<OutboxRecord, 'entry'>;

export interface KubernetesState {
  readonly records: Records;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly problem: (problem: StoreProblem) => void;
  readonly maxMessages: number;
  readonly maxDead: number;
  readonly index: DueIndex<RecordExtra>;
  readonly remember: RememberSent;
  /** There may be something to lease. */
  readonly ready: Listeners;
  /** What `drop` took out, and why. */
  readonly dropped: Listeners<[OutboxEntry, string]>;
  /** This replica's name. */
  readonly holder: string;
  /** A text that no other lease has, of this replica or another. */
  readonly newToken: () => string;
  /** Sent, and not yet both remembered and removed: whatever the records say, not to be tried here. */
  readonly sent: Set<string>;
}
