// Why receivers are told of a group at a flush, or why not: the questions of Alertmanager's notification log, in its order.
import type { NoticeReason } from '../notice.ts';
import type { Told } from './group.ts';

export interface FlushFacts {
  /** Marks of those that may be told. */
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
  readonly told: Told | undefined;
  readonly at: number;
}

export function tellReason(
  { firing, resolved, told, at }: FlushFacts,
  { sendResolved, repeatInterval }: { readonly sendResolved: boolean; readonly repeatInterval: number },
): NoticeReason | undefined {
  if (!told) return firing.length > 0 ? 'First' : undefined;
  if (firing.some((mark) => !told.firing.has(mark))) return told.firing.size === 0 ? 'First' : 'NewAlarms';
  // Whether resolved ones are sent or not: what fires next is news again.
  if (firing.length === 0) return told.firing.size > 0 ? 'AllResolved' : undefined;
  if (sendResolved && resolved.some((mark) => !told.resolved.has(mark))) return 'SomeResolved';
  return at - told.at >= repeatInterval ? 'Repeat' : undefined;
}
