// The alarm mails that an address is going to get, as far as it is known now: of the groups that are active. Those that
// were made are known by their messages.
import type { AlarmGroupView, AlarmWait } from '../alarms/alarm-book.ts';
import type { GroupNotice } from '../alarms/notice.ts';
import type { AlarmRule } from '../api/notification-policy.ts';
import { alarmRecipients } from '../policies/alarms/alarm-recipients.ts';
import { labelsText } from './alarms/labels-text.ts';
import { ruleView } from './alarms/rule-views.ts';
import type { ExplainedPolicy, Explaining } from './explain.ts';
import type { ExplainedMail } from './explained-mail.ts';
import { whyNothingIsSent } from './policy-standing.ts';

export async function explainAlarms(
  rule: AlarmRule,
  { key, stored, spec }: ExplainedPolicy,
  { sources, journal, isSame, now }: Explaining,
): Promise<ExplainedMail[]> {
  const { view } = ruleView({ policy: key, spec, rule }, await journal(), now);
  const recipientsOf = alarmRecipients({ policy: key, rule, store: sources.store });
  const hindrance = whyNothingIsSent(stored, spec);
  const hers = view.groups.filter((group) =>
    recipientsOf(noticeOf(group)).recipients.some(({ address }) => isSame(address)),
  );
  return hers.flatMap((group) =>
    group.waits.map((wait) => {
      const mail = { policy: key, rule: rule.name, about: aboutGroup(group), id: undefined, ...ofWait(wait) };
      return hindrance === undefined ? mail : { ...mail, outcome: 'NotSent' as const, detail: hindrance };
    }),
  );
}

function aboutGroup({ labels, firing }: AlarmGroupView): string {
  return `${firing} firing: ${labelsText(labels) || 'all alarms'}`;
}

/** Whom it would tell hangs on its labels alone. */
function noticeOf({ group, labels, state, firing, resolved, beganAt }: AlarmGroupView): GroupNotice {
  return {
    ...{ kind: 'Group', reason: 'First', group, state, firing, resolved, at: beganAt, occasion: '', thread: '' },
    ...{ groupLabels: labels, commonLabels: labels, commonAnnotations: {}, alarms: [] },
  };
}

function ofWait(wait: AlarmWait): Pick<ExplainedMail, 'time' | 'outcome' | 'detail'> {
  switch (wait.kind) {
    case 'GroupWait':
      return { time: wait.until, outcome: 'Upcoming', detail: 'It is told first then (groupWait).' };
    case 'GroupInterval':
      return { time: wait.until, outcome: 'Upcoming', detail: 'What is new is told then (groupInterval).' };
    case 'Repeat':
      return { time: wait.at, outcome: 'Upcoming', detail: 'It is told again then, if it goes on (repeatInterval).' };
    case 'QuietPeriod':
      return { time: wait.until, outcome: 'Upcoming', detail: 'It waits for the end of the quiet period.' };
    case 'RateLimited':
      return { time: wait.until, outcome: 'Upcoming', detail: 'It waits for room under rateLimit.' };
    case 'Inhibited':
      return {
        ...{ time: undefined, outcome: 'NotSent' },
        detail: `${wait.alarms} of its alarms are inhibited while ${labelsText(wait.by)} fires.`,
      };
  }
}
