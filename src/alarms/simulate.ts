// The mails that a recorded stream of alarms would have made, in no time.
import type { Alarm } from './alarm.ts';
import { createAlarmBook } from './alarm-book.ts';
import type { Notice } from './notice.ts';
import type { AlarmTerms } from './terms.ts';

export interface SimulatedInput {
  readonly at: number;
  readonly alarms: readonly Alarm[];
}

/** Up to `until`, itself included. What comes at the time of a flush is in that flush. */
export function simulate(terms: AlarmTerms, inputs: readonly SimulatedInput[], until: number): readonly Notice[] {
  const book = createAlarmBook(terms, new Map(), { policy: { namespace: '', name: '' }, rule: '' });
  const notices: Notice[] = [];
  for (const { at, alarms } of [...inputs].sort((one, other) => one.at - other.at)) {
    if (at > until) break;
    runBefore(at);
    book.receive(alarms, at);
  }
  runBefore(until + 1);
  return notices;

  function runBefore(end: number): void {
    for (let at = book.nextAt(); at !== undefined && at < end; at = book.nextAt()) {
      for (const notice of book.advance(at)) {
        notices.push(notice);
        book.done(notice);
      }
    }
  }
}
