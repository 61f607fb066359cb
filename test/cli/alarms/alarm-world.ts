// A directory with a policy of alarm rules, and what an operator left of alarms in its state directory.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alarm } from '../../../src/alarms/alarm.ts';
import { createAlarmBook } from '../../../src/alarms/alarm-book.ts';
import { fingerprintOf } from '../../../src/alarms/fingerprint.ts';
import { alarmTerms } from '../../../src/alarms/terms.ts';
import type { NotificationPolicySpec } from '../../../src/api/notification-policy.ts';
import { parsePolicy } from '../../../src/api/validate-policy.ts';
import { directoryJournal } from '../../../src/cli/directory-alarms.ts';
import { bookKey, ruleKey } from '../../../src/policies/alarms/alarm-journal.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { openJournal } from '../../../src/store/journal/open-journal.ts';
import { createNotificationWorld, policy } from '../notification-world.ts';

export function webhookRule(more: object = {}): object {
  return {
    name: 'production',
    sources: { webhook: { tokenSecretRef: { name: 'token', key: 'token' } } },
    groupBy: ['alertname'],
    notify: { addresses: ['oncall@example.com'] },
    ...more,
  };
}

export interface AlarmPolicy {
  readonly rules?: readonly object[];
  readonly spec?: object;
}

export async function createAlarmWorld({ rules = [webhookRule()], spec = {} }: AlarmPolicy = {}) {
  const world = await createNotificationWorld();
  const declared = policy({ alarms: rules, ...spec }, 'ops');
  world.declare('policy', declared);
  return {
    ...world,
    /** A file beside the manifests that is none. */
    file(name: string, text: string): string {
      const path = join(world.directory, name);
      writeFileSync(path, text);
      return path;
    },
    /** Has a rule take alarms as the operator does, and gives who may change them further. */
    async operator() {
      const parsed = parsePolicy(declared);
      if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.violations));
      return operatorOf(world.state, parsed.policy.spec);
    },
  };
}

async function operatorOf(state: string, spec: NotificationPolicySpec) {
  const key = { namespace: 'mail', name: 'ops' };
  const problem = () => undefined;
  const journal = openJournal(directoryJournal(state).segments, { prefix: 'alarms', clock: systemClock, problem });
  await journal.load();
  const [rule] = spec.alarms ?? [];
  if (!rule) throw new Error('it has no rule');
  const book = createAlarmBook(alarmTerms(rule, spec.quietPeriods), new Map(), { policy: key, rule: rule.name });
  const write = () => {
    const changes = [...book.takeChanges()];
    return journal.write(
      new Map(changes.map(([name, text]) => [bookKey(ruleKey({ policy: key, rule: rule.name }), name), text])),
    );
  };
  return {
    async receive(...alarms: readonly Alarm[]) {
      book.receive(alarms, Date.now());
      await write();
    },
    /** As if that much later. */
    async advance(milliseconds: number) {
      for (const notice of book.advance(Date.now() + milliseconds)) book.done(notice);
      await write();
    },
  };
}

export function firing(alertname: string, more: Partial<Alarm> = {}): Alarm {
  const now = Date.now();
  const labels = { alertname, severity: 'warning' };
  return {
    fingerprint: fingerprintOf({ source: 'webhook', labels, text: '' }, 'Normalized'),
    ...{ source: 'webhook', state: 'Firing', labels, annotations: {} },
    ...{ startsAt: now, endsAt: undefined, lastSeen: now, count: 1, url: undefined },
    ...more,
  };
}
