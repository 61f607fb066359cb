// One round of running alarm rules. Nothing is mailed, and nothing leaves the inbox, before the journal has it:
//
//   inbox, sources ─► books ─► notices due ─► journal.write ─► mails to the outbox ─► inbox.remove
//                                                │ lost: another acts, so this one stops at once
//
// A crash between any two steps repeats the next one: the journal names the records that were applied, the outbox and its
// ledger know the mails that they have.
import { setImmediate } from 'node:timers/promises';
import { type AlarmTerm, takeTermChanges } from './alarm-term.ts';
import type { AlarmTools } from './alarm-tools.ts';
import type { Troubles } from './alarm-troubles.ts';
import { forgetsAt } from './forget-gone.ts';
import type { LastResort } from './last-resort.ts';
import { tooMany } from './rule-facts.ts';
import { type RunningRule, takeRuleChanges, together } from './running-rule.ts';
import { syncRules } from './sync-rules.ts';
import { removeTaken, takeInbox, takeParked } from './take-inbox.ts';
import { tellNotices } from './tell-notices.ts';

export type RoundResult =
  /** The term's state is to be read anew. */
  | { readonly kind: 'reload' }
  /** Another replica has written: this one must not act. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'done'; readonly wait: number };

/** How soon what cannot be had is asked for again. */
export const retryAfter = 5_000;
/** Namespaces and their annotations tell of no change. */
const lookAgain = 60_000;
/** What only spares a successor work is written beside other things, or after so long. */
const tidyAfter = 1_000;

export interface RoundTools {
  readonly tools: AlarmTools;
  readonly troubles: Troubles;
  readonly lastResort: LastResort;
}

export async function alarmRound(term: AlarmTerm, around: RoundTools): Promise<RoundResult> {
  const { tools, troubles, lastResort } = around;
  const news = term.dirty.size > 0;
  lookAgainInTime(term, tools);
  if ((await syncRules(term, tools)) === 'reload') return reload(term, around);
  if (news || tools.clock.monotonic() >= term.parkedAt) await takeParked(term, tools);
  const taken = await troubles.guard('the inbox cannot be read', () => takeInbox(term, tools));
  const decided = await decide(term, tools);
  const written = await write(term, { urgent: news || decided || (taken ?? 0) > 0, tools, troubles });
  if (written !== 'written') return written === 'lost' ? { kind: 'lost' } : { kind: 'done', wait: retryAfter };
  const told = await tell(term, tools);
  if (told === 'lost') return { kind: 'lost' };
  tools.notTold.tell();
  const removed = await troubles.guard('the inbox cannot be emptied', () => removeTaken(term, tools).then(() => true));
  const isTroubled = taken === undefined || removed === undefined;
  const again = Math.min(isTroubled ? retryAfter : lookAgain, await lastResort.look(term));
  return { kind: 'done', wait: taken ? 0 : Math.min(again, untilNext(term, tools)) };
}

/** What was done since the last write would be done again. */
async function reload(term: AlarmTerm, { tools, troubles }: RoundTools): Promise<RoundResult> {
  const written = await write(term, { urgent: true, tools, troubles });
  if (written === 'unavailable') return { kind: 'done', wait: retryAfter };
  if (written === 'lost') return { kind: 'lost' };
  tools.notTold.tell();
  return { kind: 'reload' };
}

function lookAgainInTime(term: AlarmTerm, { clock }: AlarmTools): void {
  if (clock.monotonic() < term.lookAt) return;
  term.lookAt = clock.monotonic() + lookAgain;
  for (const { sources } of term.rules.values()) sources.lookAgain();
}

/** Whether something is new. */
async function decide({ rules }: AlarmTerm, tools: AlarmTools): Promise<boolean> {
  let decided = false;
  for (const running of rules.values()) {
    const now = tools.clock.now();
    if (running.sources.drain(running.book, now)) running.touched = true;
    if (!running.touched && !isDue(running, now)) continue;
    running.touched = false;
    await advance(running, now);
    listRefused(running, tools);
    tools.changed(running.policy);
    decided = true;
  }
  return decided;
}

/** Fifty thousand alarms take their time: connections and leases must not wait for all of them. */
async function advance(running: RunningRule, now: number): Promise<void> {
  for (let slices = 0; slices === 0 || (slices < mostSlices && isDue(running, now)); slices += 1) {
    running.book.advance(now, together);
    await setImmediate();
  }
}

/** More than a rule may have groups; what is due after that is for the next round. */
const mostSlices = 100;

function listRefused(running: RunningRule, { notTold }: AlarmTools): void {
  const { refused } = running.book.counts();
  const count = refused - running.refused;
  running.refused = refused;
  const why = `make no mail: ${tooMany}`;
  if (count > 0) notTold.add({ policy: running.policy, rule: running.rule.name, what: { count, of: 'alarm' }, why });
}

function isDue({ book }: RunningRule, now: number): boolean {
  const at = book.nextAt();
  return at !== undefined && at <= now;
}

interface Writing {
  readonly urgent: boolean;
  readonly tools: AlarmTools;
  readonly troubles: Troubles;
}

async function write(
  term: AlarmTerm,
  { urgent, tools, troubles }: Writing,
): Promise<'written' | 'lost' | 'unavailable'> {
  if (!tools.holds()) return 'lost';
  if (!urgent && !(tools.clock.monotonic() >= term.tidyAt)) return 'written';
  const changes = await takeTermChanges(term);
  if (changes.size === 0) return 'written';
  const result = await term.journal.write(changes);
  troubles.tell('the journal of alarms cannot be written', result.kind === 'unavailable' ? result.message : undefined);
  if (result.kind === 'written') {
    term.unwritten.clear();
    term.tidyAt = Number.POSITIVE_INFINITY;
    term.writtenAt = tools.clock.monotonic();
  }
  // Else the next round would take these changes for written: it would mail, and empty the inbox.
  if (result.kind === 'unavailable') term.tidyAt = Number.NEGATIVE_INFINITY;
  return result.kind;
}

async function tell(term: AlarmTerm, tools: AlarmTools): Promise<'told' | 'lost'> {
  for (const running of term.rules.values()) {
    if (!tools.holds()) return 'lost';
    await tellNotices(running, tools);
    await takeRuleChanges(running, term.unwritten);
  }
  if (term.unwritten.size > 0) term.tidyAt = Math.min(term.tidyAt, tools.clock.monotonic() + tidyAfter);
  return 'told';
}

function untilNext(term: AlarmTerm, { clock }: AlarmTools): number {
  const now = clock.now();
  let [at, tryAt] = [forgetsAt(term), term.tidyAt];
  for (const { book, sources, retryAt } of term.rules.values()) {
    at = Math.min(at, book.nextAt() ?? at, sources.nextAt() ?? at);
    tryAt = Math.min(tryAt, retryAt ?? tryAt);
  }
  return Math.max(0, Math.min(at - now, Math.min(tryAt, term.parkedAt) - clock.monotonic()));
}
