// What a rule looks at by itself: Events of the cluster, conditions of resources, the operator's own relays. What the
// webhook takes comes through the inbox.
import type { AlarmBook } from '../../alarms/alarm-book.ts';

export interface RuleSources {
  /** Brings what came since to the book; false where nothing did. */
  drain(book: AlarmBook, now: number): boolean;
  /** When there is something to drain by time alone. */
  nextAt(): number | undefined;
  /** What a successor needs; `beside` other changes of the rule, for some of it is not worth a write of its own. */
  takeChanges(beside: boolean): ReadonlyMap<string, string>;
  /** What cannot be looked at: sentences. */
  problems(): readonly string[];
  /** Namespaces, relays or the scene may have changed. */
  lookAgain(): void;
  close(): void;
}
