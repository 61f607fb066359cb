import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../src/alarms/alarm.ts';
import { simulate } from '../../src/alarms/simulate.ts';
import type { AlarmTerms } from '../../src/alarms/terms.ts';
import { alarm, hour, is, minute, noon, resolved, second, spoken, terms } from './book-cases.ts';

type Case = readonly [
  name: string,
  terms: AlarmTerms,
  inputs: readonly (readonly [after: number, ...alarms: Alarm[]])[],
  until: number,
  mails: readonly string[],
];

function mailsOf(terms: AlarmTerms, inputs: Case[2], until: number): readonly string[] {
  const at = inputs.map(([after, ...alarms]) => ({ at: noon + after, alarms }));
  const mails = simulate(terms, at, noon + until).map((notice) => ({ at: notice.at, text: spoken(notice) }));
  // Which of two groups goes first at one instant says nothing.
  return mails.sort((one, other) => one.at - other.at || (one.text < other.text ? -1 : 1)).map(({ text }) => text);
}

/** Ends after so long. */
function over(text: string, after: number): Alarm {
  return resolved(text, noon + after);
}

const critical = { source: [is('severity', 'critical')], target: [is('severity', 'warning')], equal: ['job'] };
const night = { schedule: '0 22 * * *', duration: '8h', timeZone: 'Etc/UTC' };

describe('groups', () => {
  test.each<Case>([
    [
      'a new group waits groupWait for more',
      terms(),
      [
        [0, alarm('api/down')],
        [20_000, alarm('api/slow')],
      ],
      hour,
      ['+30s First api: down slow |'],
    ],
    [
      'one mail is about one group',
      terms(),
      [[0, alarm('api/down'), alarm('web/down')]],
      hour,
      ['+30s First api: down |', '+30s First web: down |'],
    ],
    [
      'without groupBy all are one group',
      terms({ groupBy: [] }),
      [[0, alarm('api/down'), alarm('web/slow')]],
      hour,
      ['+30s First : down slow |'],
    ],
    [
      'a missing label and an empty one are the same group',
      terms(),
      [
        [
          0,
          alarm('x/one', { labels: { alertname: 'one' } }),
          alarm('x/two', { labels: { alertname: 'two', job: '' } }),
        ],
      ],
      hour,
      ['+30s First : one two |'],
    ],
    [
      '"..." makes a mail for each alarm',
      terms({ groupBy: ['...'] }),
      [[0, alarm('api/down'), alarm('api/slow')]],
      minute,
      ['+30s First down,api,warning: down |', '+30s First slow,api,warning: slow |'],
    ],
    [
      'a group whose alarm began long ago does not wait',
      terms(),
      [[0, alarm('api/down', { startsAt: noon - minute })]],
      hour,
      ['+0s First api: down |'],
    ],
    [
      'an alarm as old as groupWait still waits',
      terms(),
      [[0, alarm('api/down', { startsAt: noon - 30_000 })]],
      hour,
      ['+30s First api: down |'],
    ],
    [
      'what is new in a group waits for its next flush',
      terms(),
      [
        [0, alarm('api/down')],
        [minute, alarm('api/slow')],
      ],
      hour,
      ['+30s First api: down |', '+330s NewAlarms api: down slow |'],
    ],
    [
      'an alarm that is told again makes no mail',
      terms(),
      [
        [0, alarm('api/down')],
        [minute, alarm('api/down')],
      ],
      hour,
      ['+30s First api: down |'],
    ],
    [
      'nothing new is told again after repeatInterval',
      terms({ repeatInterval: '1h' }),
      [[0, alarm('api/down')]],
      2.5 * hour,
      ['+30s First api: down |', '+3630s Repeat api: down |', '+7230s Repeat api: down |'],
    ],
    [
      'a repeat waits for the flush after its interval',
      terms({ repeatInterval: '7m' }),
      [[0, alarm('api/down')]],
      15 * minute,
      ['+30s First api: down |', '+630s Repeat api: down |'],
    ],
    [
      'any mail of the group begins the repeat anew',
      terms({ repeatInterval: '10m' }),
      [
        [0, alarm('api/down')],
        [minute, alarm('api/slow')],
      ],
      16 * minute,
      ['+30s First api: down |', '+330s NewAlarms api: down slow |', '+930s Repeat api: down slow |'],
    ],
  ])('%s', (_, rule, inputs, until, mails) => {
    expect(mailsOf(rule, inputs, until)).toEqual(mails);
  });
});

describe('resolved alarms', () => {
  test.each<Case>([
    [
      'the end of all is told at the next flush',
      terms(),
      [
        [0, alarm('api/down')],
        [minute, over('api/down', minute)],
      ],
      hour,
      ['+30s First api: down |', '+330s AllResolved api:  | down'],
    ],
    [
      'the end of some is told with what still fires',
      terms(),
      [
        [0, alarm('api/down'), alarm('api/slow')],
        [minute, over('api/down', minute)],
      ],
      hour,
      ['+30s First api: down slow |', '+330s SomeResolved api: slow | down'],
    ],
    [
      'the end is told once',
      terms(),
      [
        [0, alarm('api/down'), alarm('api/slow')],
        [minute, over('api/down', minute)],
        [400_000, over('api/down', minute)],
      ],
      hour,
      ['+30s First api: down slow |', '+330s SomeResolved api: slow | down'],
    ],
    [
      'an alarm that is over before the first flush makes no mail',
      terms(),
      [
        [0, alarm('api/down')],
        [10_000, over('api/down', 10_000)],
      ],
      hour,
      [],
    ],
    ['the end of an alarm that nobody knew makes no mail', terms(), [[0, over('api/down', 0)]], hour, []],
    [
      'an alarm that comes and goes between two flushes is told as resolved',
      terms(),
      [
        [0, alarm('api/down')],
        [minute, alarm('api/slow')],
        [2 * minute, over('api/slow', 2 * minute)],
      ],
      hour,
      ['+30s First api: down |', '+330s SomeResolved api: down | slow'],
    ],
    [
      'an alarm that goes and comes between two flushes makes no mail',
      terms(),
      [
        [0, alarm('api/down')],
        [minute, over('api/down', minute)],
        [2 * minute, alarm('api/down', { startsAt: noon + 2 * minute, lastSeen: noon + 2 * minute })],
      ],
      hour,
      ['+30s First api: down |'],
    ],
    [
      'without sendResolved the end is not told',
      terms({ sendResolved: false }),
      [
        [0, alarm('api/down'), alarm('api/slow')],
        [minute, over('api/down', minute)],
        [10 * minute, over('api/slow', 10 * minute)],
      ],
      hour,
      ['+30s First api: down slow |'],
    ],
    [
      'without sendResolved a mail has no resolved ones',
      terms({ sendResolved: false }),
      [
        [0, alarm('api/down'), alarm('api/slow')],
        [minute, over('api/down', minute), alarm('api/full')],
      ],
      hour,
      ['+30s First api: down slow |', '+330s NewAlarms api: full slow |'],
    ],
    [
      'without sendResolved what fires after the end is news again',
      terms({ sendResolved: false }),
      [
        [0, alarm('api/down')],
        [minute, over('api/down', minute)],
        [hour, alarm('api/down', { startsAt: noon + hour, lastSeen: noon + hour })],
      ],
      2 * hour,
      ['+30s First api: down |', '+3630s First api: down |'],
    ],
    [
      'a firing alarm whose end passes is over without being told',
      terms(),
      [[0, alarm('api/down', { endsAt: noon + minute })]],
      hour,
      ['+30s First api: down |', '+330s AllResolved api:  | down'],
    ],
    [
      'one that is told again in time goes on',
      terms(),
      [
        [0, alarm('api/down', { endsAt: noon + minute })],
        [50_000, alarm('api/down', { endsAt: noon + 2 * hour })],
      ],
      hour,
      ['+30s First api: down |'],
    ],
    [
      'a group that ended begins anew with its wait',
      terms(),
      [
        [0, alarm('api/down')],
        [minute, over('api/down', minute)],
        [hour, alarm('api/down', { startsAt: noon + hour, lastSeen: noon + hour })],
      ],
      2 * hour,
      ['+30s First api: down |', '+330s AllResolved api:  | down', '+3630s First api: down |'],
    ],
    [
      'the end of an earlier time that comes late does not end this one',
      terms(),
      [
        [0, alarm('api/down', { startsAt: noon })],
        [minute, over('api/down', -hour)],
      ],
      3 * hour,
      ['+30s First api: down |'],
    ],
  ])('%s', (_, rule, inputs, until, mails) => {
    expect(mailsOf(rule, inputs, until)).toEqual(mails);
  });
});

describe('match and inhibit', () => {
  const inhibiting = terms({ inhibit: [critical], groupBy: ['alertname'] });
  test.each<Case>([
    [
      'alarms that match does not hold for are not told',
      terms({ match: [is('severity', 'critical')] }),
      [[0, alarm('api/down critical'), alarm('api/slow')]],
      hour,
      ['+30s First api: down |'],
    ],
    [
      'while the source fires the target is not told',
      inhibiting,
      [[0, alarm('api/down critical'), alarm('api/slow')]],
      hour,
      ['+30s First down: down |'],
    ],
    [
      'it is told once the source is over',
      inhibiting,
      [
        [0, alarm('api/down critical'), alarm('api/slow')],
        [7 * minute, resolved('api/down critical', noon + 7 * minute)],
      ],
      hour,
      ['+30s First down: down |', '+630s AllResolved down:  | down', '+630s First slow: slow |'],
    ],
    [
      'it is told once the end of the source has passed',
      inhibiting,
      [[0, alarm('api/down critical', { endsAt: noon + 7 * minute }), alarm('api/slow')]],
      hour,
      ['+30s First down: down |', '+630s AllResolved down:  | down', '+630s First slow: slow |'],
    ],
    [
      'labels of equal have to be the same',
      inhibiting,
      [[0, alarm('web/down critical'), alarm('api/slow')]],
      hour,
      ['+30s First down: down |', '+30s First slow: slow |'],
    ],
    [
      'labels of equal that are missing in both are the same',
      inhibiting,
      [
        [
          0,
          alarm('', { labels: { alertname: 'down', severity: 'critical' } }),
          alarm('', { labels: { alertname: 'slow', severity: 'warning', job: '' } }),
        ],
      ],
      hour,
      ['+30s First down: down |'],
    ],
    [
      'an alarm that is source and target does not inhibit itself or its like',
      terms({ inhibit: [{ source: [is('job', 'api')], target: [is('job', 'api')] }] }),
      [[0, alarm('api/down'), alarm('api/slow')]],
      hour,
      ['+30s First api: down slow |'],
    ],
    [
      'one that is both is inhibited by one that is source alone',
      terms({ groupBy: [], inhibit: [{ source: [is('job', 'api')], target: [is('severity', 'warning')] }] }),
      [[0, alarm('api/down critical'), alarm('api/slow')]],
      hour,
      ['+30s First : down |'],
    ],
    [
      'in one group the mail leaves the inhibited out',
      terms({ inhibit: [critical] }),
      [
        [0, alarm('api/slow')],
        [minute, alarm('api/down critical')],
      ],
      2 * hour,
      ['+30s First api: slow |', '+330s NewAlarms api: down |'],
    ],
    [
      'an inhibited alarm that was never told and is over makes no mail',
      inhibiting,
      [
        [0, alarm('api/down critical'), alarm('api/slow')],
        [minute, over('api/slow', minute)],
        [20 * minute, resolved('api/down critical', noon + 20 * minute)],
      ],
      hour,
      ['+30s First down: down |', '+1230s AllResolved down:  | down'],
    ],
    [
      'the end of a told alarm waits for the end of its inhibition',
      inhibiting,
      [
        [0, alarm('api/slow')],
        [minute, alarm('api/down critical')],
        [2 * minute, over('api/slow', 2 * minute)],
        [20 * minute, resolved('api/down critical', noon + 20 * minute)],
      ],
      hour,
      [
        '+30s First slow: slow |',
        '+60s First down: down |',
        '+1230s AllResolved slow:  | slow',
        '+1260s AllResolved down:  | down',
      ],
    ],
  ])('%s', (_, rule, inputs, until, mails) => {
    expect(mailsOf(rule, inputs, until)).toEqual(mails);
  });
});

describe('the rate limit', () => {
  const limited = terms({ rateLimit: { messages: 2, per: '1h' } });
  const four = ['api/a', 'db/b', 'web/c', 'app/d'].map((text) => alarm(text));
  test.each<Case>([
    [
      'mails past the limit are counted in one mail once there is room',
      limited,
      [[0, ...four]],
      2 * hour,
      ['+30s', '+30s', '+3630s HeldBack 2'],
    ],
    [
      'that mail counts itself',
      terms({ rateLimit: { messages: 1, per: '1h' } }),
      [
        [0, alarm('api/a'), alarm('db/b')],
        [70 * minute, alarm('web/c')],
      ],
      3 * hour,
      ['+30s', '+3630s HeldBack 1', '+7230s HeldBack 1'],
    ],
    [
      'a group that was held back counts as told',
      limited,
      [
        [0, ...four],
        [2 * hour, alarm('x/e', { startsAt: noon + 2 * hour })],
      ],
      3 * hour,
      ['+30s', '+30s', '+3630s HeldBack 2', '+7230s First x'],
    ],
    [
      'the window slides',
      limited,
      [
        [0, alarm('api/a')],
        [30 * minute, alarm('db/b', { startsAt: noon + 30 * minute })],
        [59 * minute, alarm('web/c', { startsAt: noon + 59 * minute })],
      ],
      2 * hour,
      ['+30s', '+1830s', '+3630s HeldBack 1'],
    ],
    ['under the limit nothing is held back', limited, [[0, alarm('api/a'), alarm('db/b')]], 2 * hour, ['+30s', '+30s']],
  ])('%s', (_, rule, inputs, until, mails) => {
    const found = mailsOf(rule, inputs, until);
    expect(found).toHaveLength(mails.length);
    for (const [index, start] of mails.entries()) expect(found[index]).toContain(start);
  });

  test('the mail names the groups that were held back, and how often', () => {
    const rule = terms({ rateLimit: { messages: 1, per: '1h' } });
    const mails = mailsOf(
      rule,
      [
        [0, alarm('api/a'), alarm('db/b')],
        [minute, alarm('db/c')],
      ],
      2 * hour,
    );
    expect(mails.at(-1)).toMatch(/^\+3630s HeldBack 2: (api|db) [12]/);
  });
});

describe('quiet periods', () => {
  const quiet = terms({}, [night]);
  const lenient = terms({}, [{ ...night, except: [is('severity', 'critical')] }]);
  const at = 10 * hour; // 22:00
  const late = (text: string, after: number) => alarm(text, { startsAt: noon + after, lastSeen: noon + after });
  test.each<Case>([
    [
      'what would be told waits, and one digest tells what still fires',
      quiet,
      [[11 * hour, late('api/down', 11 * hour), late('web/slow', 11 * hour)]],
      20 * hour,
      ['+64800s Digest 2+0: down slow |'],
    ],
    [
      'the digest tells what came and went',
      quiet,
      [
        [11 * hour, late('api/down', 11 * hour)],
        [12 * hour, over('api/down', 12 * hour)],
      ],
      20 * hour,
      ['+64800s Digest 0+1:  | down'],
    ],
    [
      'what the digest told counts as told',
      quiet,
      [
        [11 * hour, late('api/down', 11 * hour)],
        [19 * hour, over('api/down', 19 * hour)],
      ],
      20 * hour,
      ['+64800s Digest 1+0: down |', '+68430s AllResolved api:  | down'],
    ],
    [
      'after the digest the repeat begins anew',
      quiet,
      [[11 * hour, late('api/down', 11 * hour)]],
      22.2 * hour,
      ['+64800s Digest 1+0: down |', '+79230s Repeat api: down |'],
    ],
    [
      'a quiet period in which nothing happened has no digest',
      quiet,
      [
        [0, alarm('api/down')],
        [hour, over('api/down', hour)],
      ],
      20 * hour,
      ['+30s First api: down |', '+3630s AllResolved api:  | down'],
    ],
    [
      'the end of what was told before waits for the digest',
      quiet,
      [
        [9.9 * hour, late('api/down', 9.9 * hour)],
        [12 * hour, over('api/down', 12 * hour)],
      ],
      20 * hour,
      ['+35670s First api: down |', '+64800s Digest 0+1:  | down'],
    ],
    [
      'a repeat waits for the digest',
      terms({ repeatInterval: '4h' }, [night]),
      [[9 * hour, late('api/down', 9 * hour)]],
      20 * hour,
      ['+32430s First api: down |', '+64800s Digest 1+0: down |'],
    ],
    [
      'what an exception matches is told at once',
      lenient,
      [[11 * hour, late('api/down critical', 11 * hour), late('api/slow', 11 * hour)]],
      20 * hour,
      ['+39630s First api: down |', '+54030s Repeat api: down |', '+64800s Digest 1+0: slow |'],
    ],
    [
      'what was told before may stand beside an exception',
      lenient,
      [
        [9.9 * hour, late('api/slow', 9.9 * hour)],
        [11 * hour, late('api/down critical', 11 * hour)],
      ],
      12 * hour,
      ['+35670s First api: slow |', '+39870s NewAlarms api: down slow |'],
    ],
    [
      'a digest that tells nothing of what fires does not put off its repeat',
      terms({ repeatInterval: '1d' }, [night]),
      [
        [0, alarm('api/down')],
        [11 * hour, late('api/slow', 11 * hour)],
        [12 * hour, over('api/slow', 12 * hour)],
      ],
      30 * hour,
      ['+30s First api: down |', '+64800s Digest 0+1:  | slow', '+86430s Repeat api: down |'],
    ],
    [
      'an alarm that is over before its first flush is not in the digest',
      quiet,
      [
        [11 * hour, late('api/down', 11 * hour)],
        [11 * hour + 10 * second, over('api/down', 11 * hour + 10 * second)],
      ],
      20 * hour,
      [],
    ],
    [
      'an alarm that begins just before the end is told as ever',
      quiet,
      [[18 * hour - 10 * second, late('api/down', 18 * hour - 10 * second)]],
      19 * hour,
      ['+64820s First api: down |'],
    ],
    [
      'one that came and went and came again still fires',
      quiet,
      [
        [at, late('api/down', at)],
        [at + hour, over('api/down', at + hour)],
        [at + 2 * hour, late('api/down', at + 2 * hour)],
      ],
      20 * hour,
      ['+64800s Digest 1+1: down | down'],
    ],
  ])('%s', (_, rule, inputs, until, mails) => {
    expect(mailsOf(rule, inputs, until)).toEqual(mails);
  });
});
