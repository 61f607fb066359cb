import { describe, expect, test } from 'vitest';
import type { Alarm } from '../../src/alarms/alarm.ts';
import { type AlarmBook, createAlarmBook } from '../../src/alarms/alarm-book.ts';
import type { Notice } from '../../src/alarms/notice.ts';
import type { AlarmTerms } from '../../src/alarms/terms.ts';
import { alarm, hour, ids, is, minute, noon, resolved, second, spoken, terms } from './book-cases.ts';

const emptyBook = (rule: AlarmTerms = terms()) => createAlarmBook(rule, new Map(), ids);
const night = { schedule: '0 13 * * *', duration: '2h', timeZone: 'Etc/UTC' };

/** Advances as a holder does, up to a time. */
function runTo(book: AlarmBook, end: number): readonly Notice[] {
  const notices: Notice[] = [];
  for (let at = book.nextAt(); at !== undefined && at <= end; at = book.nextAt()) notices.push(...book.advance(at));
  return notices;
}

function save(book: AlarmBook, saved: Map<string, string>): ReadonlyMap<string, string> {
  for (const [key, text] of book.takeChanges()) {
    if (text === undefined) saved.delete(key);
    else saved.set(key, text);
  }
  return new Map(saved);
}

describe('a notice', () => {
  test('says what a mail of a group shows', () => {
    const book = emptyBook();
    const [down, slow] = [
      alarm('api/down critical', { startsAt: noon - second }),
      alarm('api/slow', { url: 'https://grafana.example.com' }),
    ];
    book.receive([slow, down], noon);
    const [notice] = runTo(book, noon + minute);
    expect(notice).toEqual({
      kind: 'Group',
      group: expect.stringMatching(/^[0-9a-f]{32}$/),
      occasion: `${noon}/1`,
      thread: `${noon}/1`,
      at: noon + 30 * second,
      reason: 'First',
      state: 'Firing',
      groupLabels: { job: 'api' },
      commonLabels: { job: 'api' },
      commonAnnotations: {},
      firing: 2,
      resolved: 0,
      alarms: [rowOf(down), rowOf(slow)],
    });
  });

  test('of the same thread is numbered on', () => {
    const book = emptyBook();
    book.receive([alarm('api/down')], noon);
    const notices = [alarm('api/slow'), alarm('api/full')].flatMap((one, index) => {
      book.receive([one], noon + (10 * index + 2) * minute);
      return runTo(book, noon + (10 * index + 9) * minute);
    });
    expect(notices.map(({ occasion, thread }) => [occasion, thread])).toEqual([
      [`${noon}/1`, `${noon}/1`],
      [`${noon}/2`, `${noon}/1`],
    ]);
  });

  test('of a group that began anew at the same instant has another name', () => {
    const book = emptyBook(terms({ groupWait: '0s' }));
    book.receive([alarm('api/down')], noon);
    book.receive([resolved('api/down', noon)], noon);
    expect(book.advance(noon)).toEqual([]);
    book.receive([alarm('api/down', { startsAt: noon })], noon);
    expect(book.advance(noon).map(({ occasion }) => occasion)).toEqual([`${noon + 1}/1`]);
  });

  test('has the same group for the same rule and labels only', () => {
    const groupOf = (rule: string) => {
      const book = createAlarmBook(terms(), new Map(), { ...ids, rule });
      book.receive([alarm('api/down')], noon);
      return runTo(book, noon + minute)[0]?.group;
    };
    expect(groupOf('one')).toBe(groupOf('one'));
    expect(groupOf('one')).not.toBe(groupOf('other'));
  });

  test('has 50 rows at most, the firing first, and counts all', () => {
    const book = emptyBook();
    book.receive(
      Array.from({ length: 60 }, (_, index) => alarm(`api/${index}`)),
      noon,
    );
    runTo(book, noon + minute);
    book.receive(
      Array.from({ length: 30 }, (_, index) => resolved(`api/${index}`, noon + minute)),
      noon + minute,
    );
    const [notice] = runTo(book, noon + 6 * minute);
    expect(notice).toMatchObject({ reason: 'SomeResolved', firing: 30, resolved: 30 });
    const states = notice?.kind === 'Group' ? notice.alarms.map(({ state }) => state) : [];
    expect(states).toEqual([...Array(30).fill('Firing'), ...Array(20).fill('Resolved')]);
  });
});

describe('replaceSource', () => {
  test('ends what its source does not tell any more, and nothing else', () => {
    const book = emptyBook(terms({ groupBy: [] }));
    const [one, two] = ['relays', 'relays'].map((source, index) => alarm(`relay/${index}`, { source }));
    book.receive([alarm('api/down')], noon);
    book.replaceSource('relays', [one, two] as Alarm[], noon);
    const first = runTo(book, noon + minute);
    book.replaceSource('relays', [one] as Alarm[], noon + minute);
    expect([...first, ...runTo(book, noon + 6 * minute)].map((notice) => spoken(notice))).toEqual([
      '+30s First : 0 1 down |',
      '+330s SomeResolved : 0 down | 1',
    ]);
  });

  test('is heard once, however often it tells the same', () => {
    const book = emptyBook();
    const list = [alarm('relay/0', { source: 'relays' })];
    book.replaceSource('relays', list, noon);
    book.takeChanges();
    book.replaceSource('relays', list, noon + minute);
    expect(book.takeChanges().size).toBe(0);
  });
});

describe('a clock', () => {
  test('that was set back by a day delays no mail by more than its own wait', () => {
    const book = emptyBook();
    book.receive([alarm('api/down'), alarm('web/down')], noon);
    runTo(book, noon + minute);
    const before = noon - 24 * hour;
    book.receive([alarm('api/slow', { startsAt: before }), alarm('db/full', { startsAt: before })], before);
    expect(runTo(book, before + 5 * hour).map((notice) => spoken(notice, before))).toEqual([
      '+30s First db: full |',
      '+300s NewAlarms api: down slow |',
      '+14400s Repeat web: down |',
      '+14430s Repeat db: full |',
      '+14700s Repeat api: down slow |',
    ]);
  });

  test('that is late for a flush does not put off the ones after it', () => {
    const book = emptyBook();
    book.receive([alarm('api/down')], noon);
    expect(book.advance(noon + 31 * second)).toHaveLength(1);
    expect(book.nextAt()).toBe(noon + 330 * second);
    book.advance(noon + 400 * second);
    expect(book.nextAt()).toBe(noon + 700 * second);
  });

  test('of a sender that is far off ends no alarm without an end of its own', () => {
    const book = emptyBook();
    book.receive([alarm('api/down', { startsAt: noon + hour })], noon);
    runTo(book, noon + minute);
    book.receive([resolved('api/down', noon, { endsAt: undefined })], noon + 2 * minute);
    expect(runTo(book, noon + 10 * minute).map((notice) => spoken(notice))).toEqual(['+330s AllResolved api:  | down']);
  });
});

describe('what is saved', () => {
  test('is a key each for alarm, group, rule and pending notice, and nothing while nothing changes', () => {
    const book = emptyBook();
    book.receive([alarm('api/down'), alarm('api/slow')], noon);
    runTo(book, noon + minute);
    const kinds = [...book.takeChanges().keys()].map((key) => key.split('/')[0]);
    expect(kinds.sort()).toEqual(['alarm', 'alarm', 'group', 'notice', 'rule']);
    runTo(book, noon + 3 * hour);
    expect(book.takeChanges().size).toBe(0);
  });

  test('goes when the group ends and its notices are done', () => {
    const [book, saved] = [emptyBook(), new Map<string, string>()];
    book.receive([alarm('api/down')], noon);
    runTo(book, noon + minute);
    save(book, saved);
    book.receive([resolved('api/down', noon + minute)], noon + minute);
    runTo(book, noon + hour);
    for (const notice of book.pending()) book.done(notice);
    expect([...save(book, saved).keys()]).toEqual(['rule']);
    expect(book.nextAt()).toBeUndefined();
  });

  test('holds a notice until it is done, byte for byte', () => {
    const [book, saved] = [emptyBook(), new Map<string, string>()];
    book.receive([alarm('api/down'), alarm('web/slow')], noon);
    const notices = runTo(book, noon + minute);
    const next = createAlarmBook(terms(), save(book, saved), ids);
    expect(
      next
        .pending()
        .map((notice) => JSON.stringify(notice))
        .sort(),
    ).toEqual(notices.map((notice) => JSON.stringify(notice)).sort());
    for (const notice of next.pending()) next.done(notice);
    expect(createAlarmBook(terms(), save(next, saved), ids).pending()).toEqual([]);
    expect(runTo(next, noon + hour)).toEqual([]);
  });

  test.each([
    ['no JSON', '{"firing'],
    ['no object', '7'],
    ['a field of another kind', '{"labels":{"job":7},"beginning":"x"}'],
  ])('that is broken (%s) is told by its key, and the rest is read', (_, text) => {
    const [book, saved] = [emptyBook(), new Map<string, string>()];
    book.receive([alarm('api/down'), alarm('web/slow')], noon);
    runTo(book, noon + minute);
    save(book, saved);
    const keys = [...saved.keys()].filter((key) => !key.startsWith('alarm/'));
    for (const key of keys) saved.set(key, text);
    saved.set(`alarm/${'0'.repeat(32)}`, text);
    const next = createAlarmBook(terms(), saved, ids);
    expect(next.unreadable.map(({ key }) => key).sort()).toEqual([...keys, `alarm/${'0'.repeat(32)}`].sort());
    expect(next.view(noon + hour).firing).toBe(2);
    expect(runTo(next, noon + hour).map((notice) => spoken(notice, noon + hour)).length).toBe(2);
    expect(createAlarmBook(terms(), save(next, saved), ids).unreadable).toEqual([]);
  });

  test('under a key that nobody knows is told and left alone', () => {
    const saved = new Map([['colour', '"red"']]);
    const book = createAlarmBook(terms(), saved, ids);
    expect(book.unreadable).toEqual([{ key: 'colour', message: 'is no key of an alarm rule' }]);
    expect(book.takeChanges().size).toBe(0);
  });
});

describe('a rule that changed', () => {
  function reload(before: AlarmTerms, after: AlarmTerms, alarms: readonly Alarm[]): AlarmBook {
    const [book, saved] = [emptyBook(before), new Map<string, string>()];
    book.receive(alarms, noon);
    for (const notice of runTo(book, noon + minute)) book.done(notice);
    return createAlarmBook(after, save(book, saved), ids);
  }

  test('groups anew, tells nobody again, and goes on with what is new', () => {
    const book = reload(terms(), terms({ groupBy: ['alertname'] }), [
      alarm('api/down'),
      alarm('web/down'),
      alarm('web/slow'),
    ]);
    expect(book.view(noon + minute).groups.map(({ labels, firing }) => [labels.alertname, firing])).toEqual([
      ['down', 2],
      ['slow', 1],
    ]);
    expect(runTo(book, noon + 21 * minute)).toEqual([]);
    book.receive([resolved('web/slow', noon + 21 * minute)], noon + 21 * minute);
    expect(runTo(book, noon + hour).map((notice) => spoken(notice))).toEqual(['+1530s AllResolved slow:  | slow']);
  });

  test('groups anew under other names, though it goes back to the groups from before', () => {
    const [book, saved] = [emptyBook(), new Map<string, string>()];
    book.receive([alarm('api/down')], noon);
    const told = runTo(book, noon + minute).map(({ occasion }) => occasion);
    const other = createAlarmBook(terms({ groupBy: [] }), save(book, saved), ids);
    const back = createAlarmBook(terms(), save(other, saved), ids);
    back.receive([alarm('api/slow')], noon + 2 * minute);
    const later = runTo(back, noon + hour).map(({ occasion }) => occasion);
    expect(later).toHaveLength(1);
    expect(told).not.toContain(later[0]);
  });

  test('tells the end of alarms that it does not match any more', () => {
    const book = reload(terms(), terms({ match: [is('alertname', 'slow')] }), [alarm('api/down'), alarm('api/slow')]);
    expect(runTo(book, noon + hour).map((notice) => spoken(notice))).toEqual(['+330s SomeResolved api: slow | down']);
  });

  test('tells at once what a quiet period held that is no more', () => {
    const [book, saved] = [emptyBook(terms({}, [night])), new Map<string, string>()];
    book.receive([alarm('api/down', { startsAt: noon + hour })], noon + hour);
    expect(runTo(book, noon + hour + minute)).toEqual([]);
    const next = createAlarmBook(terms(), save(book, saved), ids);
    expect(next.advance(noon + hour + 2 * minute).map((notice) => spoken(notice))).toEqual([
      '+3720s Digest 1+0: down |',
    ]);
  });
});

describe('the view', () => {
  const inhibit = [{ source: [is('severity', 'critical')], target: [is('severity', 'warning')] }];
  test.each<readonly [string, AlarmTerms, readonly Alarm[], number, string, unknown]>([
    [
      'a new group waits for more',
      terms(),
      [alarm('api/down')],
      0,
      'api',
      [{ kind: 'GroupWait', until: noon + 30 * second }],
    ],
    [
      'one that was told waits for its repeat',
      terms({ repeatInterval: '1h' }),
      [alarm('api/down')],
      minute,
      'api',
      [{ kind: 'Repeat', at: noon + hour + 30 * second }],
    ],
    [
      'one that is inhibited names the source',
      terms({ inhibit }),
      [alarm('api/slow'), alarm('web/down critical')],
      minute,
      'api',
      [{ kind: 'Inhibited', alarms: 1, by: { alertname: 'down', job: 'web', severity: 'critical' } }],
    ],
    [
      'one in a quiet period waits for its end',
      terms({}, [{ ...night, schedule: '0 12 * * *' }]),
      [alarm('api/down')],
      minute,
      'api',
      [{ kind: 'QuietPeriod', until: noon + 2 * hour }],
    ],
    [
      'one past the limit waits for room',
      terms({ rateLimit: { messages: 1, per: '1h' } }),
      [alarm('api/down'), alarm('api2/down')],
      minute,
      'held',
      [
        { kind: 'RateLimited', until: noon + hour + 30 * second },
        { kind: 'Repeat', at: noon + 4 * hour + 30 * second },
      ],
    ],
  ])('%s', (_, rule, alarms, after, job, waits) => {
    const book = emptyBook(rule);
    book.receive(alarms, noon);
    runTo(book, noon + after);
    const { groups } = book.view(noon + after);
    const group = groups.find(({ labels, lastTold }) => (job === 'held' ? lastTold === undefined : labels.job === job));
    expect(group?.waits).toEqual(waits);
  });

  test('what is new in a group waits for its interval', () => {
    const book = emptyBook();
    book.receive([alarm('api/down')], noon);
    runTo(book, noon + minute);
    book.receive([alarm('api/slow')], noon + minute);
    expect(book.view(noon + minute)).toMatchObject({
      firing: 2,
      resolved: 0,
      held: 0,
      groups: [
        {
          labels: { job: 'api' },
          state: 'Firing',
          lastTold: noon + 30 * second,
          waits: [{ kind: 'GroupInterval', until: noon + 330 * second }],
        },
      ],
    });
  });

  test('counts what made no mail', () => {
    const book = emptyBook(
      terms({ match: [is('job', 'api')], rateLimit: { messages: 1, per: '1d' }, groupBy: ['alertname'] }),
    );
    book.receive([alarm('api/down'), alarm('api/slow'), alarm('web/down'), resolved('api/gone', noon)], noon);
    book.receive([alarm('api/blip')], noon);
    book.receive([resolved('api/blip', noon + second)], noon + second);
    runTo(book, noon + minute);
    expect(book.view(noon + minute).counts).toEqual({ received: 6, unmatched: 1, untold: 2, refused: 0, heldBack: 1 });
    expect(book.view(noon + minute).held).toBe(1);
  });
});

function rowOf({ labels, annotations, state, startsAt, lastSeen, count, url }: Alarm) {
  return { labels, annotations, state, startsAt, endsAt: undefined, lastSeen, count, url };
}
