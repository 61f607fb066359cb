// What the journal has of rules that are no more goes. That of a policy that is gone stays for a while: whoever replaces a
// policy may delete it first, and is not to be mailed everything anew.
import { untoldOf } from '../../alarms/book/untold-of.ts';
import { type Key, keyText } from '../../api/resource.ts';
import { bookKey, goneKey, type SavedRule, sourceKey } from './alarm-journal.ts';
import type { AlarmTerm } from './alarm-term.ts';
import type { AlarmTools } from './alarm-tools.ts';

/** Milliseconds. */
const grace = 10 * 60_000;

/** The rules that the policy has are open by now. */
export function forgetGone(term: AlarmTerm, policy: Key, tools: AlarmTools): void {
  const id = keyText(policy);
  const saved = [...term.saved].filter(([, rule]) => keyText(rule.policy) === id);
  if (tools.specs(policy) === 'gone' && saved.length > 0) {
    const now = tools.clock.now();
    const { since } = term.gone.get(id) ?? goesNow(term, policy, now);
    if (now < since + grace) return;
  }
  if (term.gone.delete(id)) term.unwritten.set(goneKey(id), undefined);
  for (const [rule, left] of saved) forget(term, { id: rule, saved: left, tools });
}

/** Policies whose time is over are looked at once more. */
export function lookAtGone({ gone, dirty }: AlarmTerm, now: number): void {
  for (const [id, { policy, since }] of gone) if (now >= since + grace) dirty.set(id, policy);
}

/** Milliseconds since the epoch when the next one is forgotten; those that are looked at anyway aside. */
export function forgetsAt({ gone, dirty }: AlarmTerm): number {
  const waiting = [...gone].filter(([id]) => !dirty.has(id));
  return Math.min(Number.POSITIVE_INFINITY, ...waiting.map(([, { since }]) => since + grace));
}

function goesNow({ gone, unwritten }: AlarmTerm, policy: Key, since: number) {
  const going = { policy, since };
  gone.set(keyText(policy), going);
  unwritten.set(goneKey(keyText(policy)), String(since));
  return going;
}

interface Forgetting {
  readonly id: string;
  readonly saved: SavedRule;
  readonly tools: AlarmTools;
}

function forget(term: AlarmTerm, { id, saved, tools }: Forgetting): void {
  term.saved.delete(id);
  for (const key of saved.book.keys()) term.unwritten.set(bookKey(id, key), undefined);
  for (const key of saved.sources.keys()) term.unwritten.set(sourceKey(id, key), undefined);
  const { policy, rule } = saved;
  const { alarms, mails } = untoldOf(saved.book, tools.clock.now());
  const why = 'that nobody was told of went with the rule, or its policy.';
  if (alarms > 0) tools.notTold.add({ policy, rule, what: { count: alarms, of: 'alarm' }, why });
  const whyNoMail = 'that could not be sent went with the rule, or its policy.';
  if (mails > 0) tools.notTold.add({ policy, rule, what: { count: mails, of: 'mail' }, why: whyNoMail });
}
