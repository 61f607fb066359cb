// What a notice's mail says at a glance, what of it stays the same, and that nothing of an alarm does more than be read.
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { alarmMail } from '../../src/alarms/alarm-mail.ts';
import { type Notice, noticeRows } from '../../src/alarms/notice.ts';
import { builtinTemplate } from '../../src/mail/builtin/builtin-template.ts';
import { composeMessage } from '../../src/mail/compose/compose-message.ts';
import { render } from '../../src/mail/template/render-template.ts';
import { alarm, digest, evil, facts, full, heldBack, hostile, notice } from '../mail/builtin/alarm-samples.ts';

function written(one: Notice, change: Partial<typeof facts> = {}, locale = 'en') {
  const { kind, data } = alarmMail(one, { ...facts, ...change });
  const mail = render(builtinTemplate(kind, locale), data, { locale, timeZone: 'UTC' });
  if (mail.kind === 'failed') throw new Error(mail.message);
  return { subject: mail.subject, text: mail.text ?? '', html: mail.html ?? '' };
}

function withLabels(labels: Record<string, string>, groupLabels: Record<string, string>) {
  return notice({ groupLabels, alarms: [alarm({ labels })] });
}

const resolved = { state: 'Resolved', endsAt: 1 } as const;

describe('the subject', () => {
  const named = { alertname: 'DiskFull', namespace: 'shop', severity: 'warning' };
  test.each([
    ['says how many, how bad, what and where', notice(), '[FIRING 1, critical] HighErrorRate in shop'],
    ['of all resolved', notice({ alarms: [alarm(resolved)] }), '[RESOLVED] HighErrorRate in shop'],
    [
      'names a reason where there is no alert name',
      withLabels({ reason: 'BackOff', namespace: 'a' }, { reason: 'BackOff', namespace: 'a' }),
      '[FIRING 1] BackOff in a',
    ],
    [
      'names further labels of the group, in a fixed order',
      withLabels(named, { zone: 'b', alertname: 'DiskFull', app: 'web', cluster: 'eu' }),
      '[FIRING 1, warning] DiskFull in eu (app=web, zone=b)',
    ],
    ['does not say the severity twice', withLabels(named, named), '[FIRING 1, warning] DiskFull in shop'],
    [
      'names the rule where the group does not say what, and the alarm beside its state',
      withLabels(named, { namespace: 'shop' }),
      '[FIRING 1, warning, DiskFull] production in shop',
    ],
    ['names the rule where all are one group', withLabels({}, {}), '[FIRING 1] production'],
    [
      'says the worst severity of those that fire',
      notice({
        alarms: ['info', 'Critical', 'warning'].map((severity) => alarm({ labels: { ...named, severity } })),
        groupLabels: { alertname: 'DiskFull' },
      }),
      '[FIRING 3, Critical] DiskFull',
    ],
    [
      'does not count those that are resolved as bad',
      notice({
        alarms: [alarm({ labels: named }), alarm({ ...resolved, labels: { ...named, severity: 'critical' } })],
        groupLabels: { alertname: 'DiskFull' },
      }),
      '[FIRING 1, warning] DiskFull',
    ],
    ['of a digest', digest, '[DIGEST, FIRING 2, critical] Alarms of the quiet period (production)'],
    [
      'of a digest in which nothing fires any more',
      { ...digest, stillFiring: 0, stillFiringAlarms: [] },
      '[DIGEST] Alarms of the quiet period (production)',
    ],
    ['of what was held back', heldBack, '[HELD BACK 14] Too many mails about alarms (production)'],
    [
      'has no bracket in its brackets',
      withLabels({ alertname: 'a', severity: 'x] [y' }, { alertname: 'a' }),
      '[FIRING 1, x y] a',
    ],
  ] as const)('%s', (_, one, subject) => {
    expect(written(one).subject).toBe(subject);
  });

  test('has the same state words in German', () => {
    expect(written(notice(), {}, 'de').subject).toBe('[FIRING 1, critical] HighErrorRate in shop');
  });

  test('without its brackets is the same in every mail of a group, and is the topic', () => {
    const bases = (['First', 'NewAlarms', 'SomeResolved', 'Repeat', 'AllResolved'] as const).map((reason, index) => {
      const one = notice({ reason, alarms: [alarm(index === 4 ? resolved : {}), ...(index % 2 ? [alarm()] : [])] });
      // RFC 5256 §2.1: the base subject.
      expect(alarmMail(one, facts).topic).toBe(written(one).subject.replace(/^\[[^[\]]*\]\s*/, ''));
      return alarmMail(one, facts).topic;
    });
    expect(new Set(bases).size).toBe(1);
  });
});

test.each([
  ['critical', {}, true],
  ['CRITICAL', {}, true],
  ['page', {}, true],
  ['warning', {}, false],
  ['critical', resolved, false],
] as const)('severity %s, %o: urgent is %s', (severity, state, urgent) => {
  const one = notice({ alarms: [alarm({ ...state, labels: { alertname: 'a', severity } })] });
  expect(alarmMail(one, facts).urgent).toBe(urgent);
});

describe('rows', () => {
  test('common labels are shown once, others where they differ', () => {
    const { text } = written(
      notice({ alarms: ['a', 'b'].map((pod) => alarm({ labels: { alertname: 'X', team: 't', pod } })) }),
    );
    expect(text.match(/team: t/g)).toHaveLength(1);
    expect(text).toContain('- pod=a\n');
    expect(text).toContain('- pod=b\n');
  });
  test('alarms with different names are called by them', () => {
    const { text } = written(
      notice({ alarms: ['A', 'B'].map((alertname) => alarm({ labels: { alertname, pod: alertname } })) }),
    );
    expect(text).toContain('- A\n  pod=A\n');
  });
  test('a message that all have is told once, above', () => {
    expect(written(notice({ alarms: [alarm(), alarm()] })).text.match(/More than 5 %/g)).toHaveLength(1);
  });
  test('how many there are besides is told', () => {
    expect(written(notice({ firing: 70, resolved: 3 })).text).toContain('And 72 more.');
    expect(written(digest).text).toContain('And 6 more.');
    expect(written(heldBack).text).toContain('And 2 more about other groups.');
  });
  test('a label that is called constructor is a label like any other', () => {
    const labels = { alertname: 'a', constructor: 'x' };
    expect(written(notice({ alarms: [alarm({ labels }), alarm({ labels: { alertname: 'a' } })] })).text).toContain(
      'constructor=x',
    );
  });
});

describe('links', () => {
  const linked = (url: string, labels = { alertname: 'a' } as Record<string, string>) =>
    written(notice({ groupLabels: labels, alarms: [alarm({ labels, annotations: {} })] }), {
      rule: { ...facts.rule, links: [{ name: 'Mine', url }] },
    }).text;
  test.each([
    ['a value is encoded', 'https://x.example/?q={{ groupLabels.alertname }}', 'https://x.example/?q=a%26b%20c%2F%22'],
    [
      'and not twice',
      'https://x.example/?q={{ groupLabels.alertname | url_encode }}',
      'https://x.example/?q=a%26b%20c%2F%22',
    ],
    ['http is a link too', 'http://x.example/{{ commonLabels["alertname"] }}', 'http://x.example/a%26b%20c%2F%22'],
    ['a missing label is empty', 'https://x.example/?q={{ groupLabels.nothing }}', 'https://x.example/?q='],
    [
      'rule and policy can be named',
      'https://x.example/{{ policyName }}/{{ ruleName }}',
      'https://x.example/operations/production',
    ],
  ])('%s', (_, url, shown) => {
    expect(linked(url, { alertname: 'a&b c/"' })).toContain(`Mine: ${shown}\n`);
  });
  test.each([
    ['javascript:alert(1)'],
    ['{{ groupLabels.alertname }}'],
    ['ftp://x.example/'],
    ['https://user:secret@x.example/'],
    [`https://x.example/${'y'.repeat(3_000)}`],
    ['/relative'],
  ])('%s is left out, and that is said', (url) => {
    const text = linked(url, { alertname: 'https://evil.example' });
    expect(text).not.toContain('Mine: ');
    expect(text).toContain('Left out, since they make no http or https URL: Mine.');
  });
  test('runbooks and dashboards of the alarms are links, each once', () => {
    const { text } = written(
      notice({
        alarms: ['a', 'b', 'a'].map((name) =>
          alarm({ annotations: { runbook_url: `https://r.example/${name}`, dashboard_url: 'https://d.example/' } }),
        ),
      }),
    );
    expect(text).toContain(
      'Runbook 1: https://r.example/a\nRunbook 2: https://r.example/b\nDashboard: https://d.example/\n',
    );
  });
});

describe('what somebody made to do harm', () => {
  const mail = written(hostile);
  test('is no markup', () => {
    expect(mail.html).not.toMatch(/<script|<img|<b>|href="(?!https?:)/);
    expect(mail.html).not.toMatch(/href="[^"]*(user|password|onmouseover)/);
  });
  test('turns no direction and breaks no line', () => {
    expect(mail.subject + mail.text + mail.html).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028\r]|(?!\n)\p{Cc}/u);
    expect(mail.text).not.toMatch(/^(Bcc|X):/m);
  });
  test('is no template', () => {
    expect(mail.text).toContain('{{ senderName }}{% if true %}');
  });

  test('makes no header', async () => {
    const usual = await headerNames(notice());
    expect(await headerNames(hostile)).toEqual(usual);
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constant(evil), fc.constant('__proto__'));
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(text, text, { maxKeys: 6 }),
        fc.dictionary(text, text, { maxKeys: 4 }),
        async (labels, annotations) => {
          const one = notice({
            groupLabels: labels,
            alarms: [alarm({ labels, annotations, url: Object.values(labels)[0] })],
          });
          const names = await headerNames(one);
          expect(names).toEqual(usual);
          expect(written(one).html).not.toMatch(/href="(?!https?:)/);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

test.each([['x'], ['ß'], ['<'], ['="'], ['𝕏'], ['漢 ']])(
  'of 50 rows of long texts of %s the mail stays under 100 KiB',
  async (letter) => {
    const one = full(letter);
    const raw = await composed(one);
    expect(raw.length).toBeLessThan(100 * 1024);
    const rows = written(one).text.match(/^ {2}(Since|From, until): /gm)?.length ?? 0;
    expect(rows).toBeGreaterThanOrEqual(20);
    expect(rows).toBeLessThanOrEqual(noticeRows);
    expect(written(one).text).toContain(`And ${3_400 - rows} more.`);
  },
);

async function composed(one: Notice): Promise<Buffer> {
  const { topic, urgent } = alarmMail(one, facts);
  const result = await composeMessage({
    ...written(one),
    id: '0123456789abcdef0123456789abcdef',
    date: 0,
    from: { address: 'alarms@example.com' },
    to: 'oncall@example.org',
    ruleKind: 'Alarm',
    thread: { root: 'fedcba9876543210fedcba9876543210', topic },
    urgent,
  });
  if (result.kind === 'invalid') throw new Error(result.message);
  return result.raw;
}

async function headerNames(one: Notice): Promise<string[]> {
  const { headers } = await simpleParser(await composed(one));
  // The parser's word for Importance and X-Priority.
  return [...headers.keys()].filter((name) => name !== 'priority').sort();
}

test('50 alarms with short texts are all listed', () => {
  const alarms = Array.from({ length: noticeRows }, (_, index) =>
    alarm({ labels: { alertname: 'A', pod: `checkout-${index}` }, annotations: { description: `${index} % failed` } }),
  );
  const { text } = written(notice({ alarms }));
  expect(text.match(/^ {2}Since: /gm)).toHaveLength(noticeRows);
  expect(text).not.toContain(' more.');
});
