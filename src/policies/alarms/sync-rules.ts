// Brings the rules that are run in line with the policies that are there. What changed so that its state has to be read
// anew is not mended here: the whole journal is, as after a takeover, which is rare and has one way to be right.
import { conditionSources, isConditionSource } from '../../alarms/intake/condition-sources.ts';
import type { AlarmRule, NotificationPolicySpec } from '../../api/notification-policy.ts';
import { type Key, keyText } from '../../api/resource.ts';
import { bookKey, ruleKey, type SavedRule, sourceKey } from './alarm-journal.ts';
import type { AlarmTerm } from './alarm-term.ts';
import type { AlarmTools } from './alarm-tools.ts';
import { forgetGone, lookAtGone } from './forget-gone.ts';
import { openRuleSources } from './open-rule-sources.ts';
import { ruleBasis, runningRule } from './running-rule.ts';

export async function syncRules(term: AlarmTerm, tools: AlarmTools): Promise<'synced' | 'reload'> {
  lookAtGone(term, tools.clock.now());
  for (const [id, policy] of term.dirty) {
    const spec = tools.specs(policy);
    // Its rules go on as they were; their mails wait for its correction.
    if (spec !== 'unreadable') {
      const declared = spec === 'gone' ? undefined : spec;
      if (hasOther(term, policy, declared)) return 'reload';
      if (declared) openRules(term, { policy, spec: declared, tools });
      forgetGone(term, policy, tools);
    }
    term.dirty.delete(id);
  }
  return 'synced';
}

/** A rule runs that is gone, or is another one by now. */
function hasOther(term: AlarmTerm, policy: Key, spec: NotificationPolicySpec | undefined): boolean {
  return [...term.rules.values()].some((running) => {
    if (keyText(running.policy) !== keyText(policy)) return false;
    const rule = spec?.alarms?.find(({ name }) => name === running.rule.name);
    return !spec || !rule || ruleBasis(rule, spec) !== running.basis;
  });
}

interface Opening {
  readonly policy: Key;
  readonly spec: NotificationPolicySpec;
  readonly tools: AlarmTools;
}

function openRules(term: AlarmTerm, { policy, spec, tools }: Opening): void {
  for (const rule of spec.alarms ?? []) {
    const id = ruleKey({ policy, rule: rule.name });
    const running = term.rules.get(id);
    if (running) {
      running.rule = rule;
      running.retryAt = undefined;
      running.sources.lookAgain();
      continue;
    }
    const saved = term.saved.get(id);
    term.saved.delete(id);
    forgetSources(term, { id, saved, rule });
    const sources = openRuleSources({ policy, rule, saved }, tools);
    const opened = runningRule({ policy, rule, spec, saved, sources });
    for (const { key, message } of opened.book.unreadable) {
      tools.log.error(
        { policy: keyText(policy), rule: rule.name, key },
        `what was saved of an alarm rule is lost: ${message}`,
      );
      term.unwritten.set(bookKey(id, key), undefined);
    }
    term.rules.set(id, opened);
  }
}

interface OpenedRule {
  readonly id: string;
  readonly saved: SavedRule | undefined;
  readonly rule: AlarmRule;
}

/** Since when what a rule does not look at any more was bad. */
function forgetSources({ unwritten }: AlarmTerm, { id, saved, rule }: OpenedRule): void {
  const open = conditionSources(rule.sources.resourceConditions ?? []);
  for (const source of saved?.sources.keys() ?? []) {
    if (isConditionSource(source) && !open.includes(source)) unwritten.set(sourceKey(id, source), undefined);
  }
}
