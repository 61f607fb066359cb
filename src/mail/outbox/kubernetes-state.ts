// What the parts of the kubernetes engine share.
import type { Records } from '../../store/records.ts';
import type { EngineState } from './engine-state.ts';
import type { OutboxRecord } from './outbox-record.ts';
import type { Presence } from './presence.ts';
import type { RememberSent } from './remember-sent.ts';

export type RecordExtra = Omit<OutboxRecord, 'entry'>;

export interface KubernetesState extends EngineState<RecordExtra> {
  readonly records: Records;
  readonly remember: RememberSent;
  /** This replica's name. */
  readonly holder: string;
  /** A text that no other lease has, of this replica or another. */
  readonly newToken: () => string;
  readonly presence: Presence;
  /** Sent, and not yet both remembered and removed: whatever the records say, not to be tried here. */
  readonly sent: Set<string>;
}
