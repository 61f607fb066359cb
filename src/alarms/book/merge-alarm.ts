// An alarm that is told again: what is known of it, and what is new.
import type { Alarm } from '../alarm.ts';

/** Undefined where it says nothing new: it is older than what is known, or not its source's to say. */
export function mergeAlarm(known: Alarm, told: Alarm): Alarm | undefined {
  if (known.source !== told.source || isStale(known, told)) return undefined;
  const again = told.state === 'Firing' && known.endsAt !== undefined && told.startsAt >= known.endsAt;
  return {
    ...told,
    startsAt: again ? told.startsAt : Math.min(known.startsAt, told.startsAt),
    lastSeen: Math.max(known.lastSeen, told.lastSeen),
    count: again ? told.count : Math.max(known.count, told.count),
  };
}

/** Requests may come out of order: the end of an earlier time does not end this one, nor does its beginning begin it again. */
function isStale(known: Alarm, told: Alarm): boolean {
  const { endsAt } = told.state === 'Resolved' ? told : known;
  if (endsAt === undefined) return false;
  if (told.state === 'Resolved') return endsAt < known.startsAt;
  // A later beginning is news whatever its sender's clock says of the end before it.
  return known.state === 'Resolved' && told.startsAt <= known.startsAt && told.lastSeen < endsAt;
}
