// The rule of a policy that a command names.
import type { NotificationPolicySpec } from '../api/notification-policy.ts';
import { type NamedRule, rulesOf } from '../policies/named-rule.ts';
import { UnusableArgument } from './io.ts';

/** By its name, or by `credentials/NAME`, `reminders/NAME` and `alarms/NAME` where several sections have it. */
export function ruleNamed(spec: NotificationPolicySpec, text: string): NamedRule {
  const named = rulesOf(spec).filter(
    ({ kind, rule }) => rule.name === text || `${sections[kind]}/${rule.name}` === text,
  );
  const [found, other] = named;
  if (!found) {
    const known = rulesOf(spec)
      .map(({ rule }) => rule.name)
      .join(', ');
    throw new UnusableArgument(`the policy has no rule "${text}"; it has: ${known}`);
  }
  if (other) {
    const full = named.map(({ kind, rule }) => `${sections[kind]}/${rule.name}`);
    throw new UnusableArgument(
      `${named.length === 2 ? 'two' : 'three'} rules are named "${text}": say ${full.join(' or ')}`,
    );
  }
  return found;
}

const sections = { Credentials: 'credentials', Reminder: 'reminders', Alarm: 'alarms' } as const;
