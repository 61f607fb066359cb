// Mails about alarms as notices make them: usual ones, and those that somebody made to do harm.
import { type AlarmMailFacts, alarmMail } from '../../../src/alarms/alarm-mail.ts';
import type { DigestNotice, GroupNotice, HeldBackNotice, Notice, NoticeAlarm } from '../../../src/alarms/notice.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 24, 11);

export const facts: AlarmMailFacts = {
  rule: {
    name: 'production',
    timeZone: 'Europe/Berlin',
    links: [
      { name: 'Logs', url: 'https://logs.example.com/?q=namespace:{{ groupLabels.namespace }}' },
      { name: 'Team', url: 'https://teams.example.com/{{ commonLabels.team }}' },
    ],
  },
  policy: { namespace: 'mail', name: 'operations' },
  senderName: 'Alarms',
  recipientRole: 'address',
};

const group = { group: 'b'.repeat(32), at: noon, thread: '1795518000000/1', occasion: '1795518000000/1' };

const labels = { alertname: 'HighErrorRate', namespace: 'shop', severity: 'critical', team: 'checkout' };
const annotations = {
  summary: 'The shop answers with too many errors',
  description: 'More than 5 % of requests failed for 5 minutes. Customers see "Something went wrong" at the till.',
  runbook_url: 'https://runbooks.example.com/HighErrorRate',
  dashboard_url: 'https://grafana.example.com/d/shop?orgId=1&var-namespace=shop',
};

export function alarm(change: Partial<NoticeAlarm> = {}): NoticeAlarm {
  return {
    state: 'Firing',
    labels: { ...labels, pod: 'checkout-7d9f5b6c4-x2lpq' },
    annotations,
    startsAt: noon - 12 * minute,
    endsAt: undefined,
    lastSeen: noon - minute / 2,
    count: 4,
    url: 'https://prometheus.example.com/graph?g0.expr=errors%3E0.05&g0.tab=1',
    ...change,
  };
}

function pod(name: string, message: string, change: Partial<NoticeAlarm> = {}): NoticeAlarm {
  return alarm({ labels: { ...labels, pod: name }, annotations: { ...annotations, description: message }, ...change });
}

export function notice(change: Partial<GroupNotice> = {}): GroupNotice {
  const { alarms = [alarm()] } = change;
  return {
    kind: 'Group',
    ...group,
    reason: 'First',
    state: alarms.some(({ state }) => state === 'Firing') ? 'Firing' : 'Resolved',
    groupLabels: { alertname: 'HighErrorRate', namespace: 'shop' },
    commonLabels: shared(alarms.map((one) => one.labels)),
    commonAnnotations: shared(alarms.map((one) => one.annotations)),
    firing: alarms.filter(({ state }) => state === 'Firing').length,
    resolved: alarms.filter(({ state }) => state === 'Resolved').length,
    ...change,
    alarms,
  };
}

const over = { state: 'Resolved', endsAt: noon - 2 * minute } as const;
const three = [
  pod('checkout-7d9f5b6c4-x2lpq', '7.2 % of requests failed', { startsAt: noon - 40 * minute, count: 31 }),
  pod('checkout-7d9f5b6c4-m8wzt', '5.4 % of requests failed'),
  pod('payment-5f8d7c9b8-k4v2n', 'The bank does not answer: dial tcp 192.0.2.17:443: i/o timeout', { url: undefined }),
];
const someOver = [three[0], pod('checkout-7d9f5b6c4-b77qs', '6.1 % of requests failed', over)].flatMap(
  (one) => one ?? [],
);

const events = [
  [
    'BackOff',
    'billing',
    'invoice-29512380-q9x',
    'Back-off restarting failed container report in pod invoice-29512380-q9x',
  ],
  [
    'FailedMount',
    'shop',
    'search-0',
    'MountVolume.SetUp failed for volume "index": configmap "search-index" not found',
  ],
  ['Unhealthy', 'shop', 'cart-6c9f', 'Readiness probe failed: HTTP probe failed with statuscode: 503'],
].map(([reason = '', namespace = '', name = '', description = ''], index) =>
  alarm({
    labels: { reason, namespace, kind: 'Pod', name, severity: index === 0 ? 'critical' : 'warning' },
    annotations: { description },
    startsAt: noon - (500 - index * 90) * minute,
    url: undefined,
  }),
);

export const digest: DigestNotice = {
  kind: 'Digest',
  ...group,
  from: Date.UTC(2026, 10, 23, 21),
  until: Date.UTC(2026, 10, 24, 5),
  stillFiring: 2,
  cameAndWent: 7,
  stillFiringAlarms: events.slice(0, 2),
  cameAndWentAlarms: events.slice(2).map((one) => ({ ...one, ...over })),
};

export const heldBack: HeldBackNotice = {
  kind: 'HeldBack',
  ...group,
  from: noon - 60 * minute,
  until: noon,
  heldBack: 14,
  groups: [
    {
      groupLabels: { alertname: 'HighErrorRate', namespace: 'shop' },
      state: 'Firing',
      firing: 3,
      resolved: 1,
      heldBack: 7,
    },
    {
      groupLabels: { reason: 'BackOff', namespace: 'billing' },
      state: 'Resolved',
      firing: 0,
      resolved: 2,
      heldBack: 5,
    },
  ],
};

export const evil =
  '\u202egnp.exe\u202c</td></table><script>alert(1)</script>\r\nBcc: everyone@example.com\r\n\r\n<img src=x onerror="alert(1)">\u0000{{ senderName }}{% if true %}\u2028[RESOLVED] ';

export const hostile = notice({
  groupLabels: { alertname: evil, namespace: 'shop"><b>' },
  alarms: [evil, 'javascript:alert(1)', 'x'.repeat(4096)].map((text, index) =>
    alarm({
      labels: { alertname: evil, namespace: 'shop"><b>', severity: `]\r\nX: ${evil}`, [`${index}${evil}`]: text },
      annotations: {
        summary: evil,
        description: text,
        runbook_url: 'javascript:alert(document.cookie)',
        dashboard_url: 'https://user:password@evil.example/"onmouseover="alert(1)',
      },
      url: index === 0 ? 'data:text/html,<script>' : `https://evil.example/?q=${encodeURIComponent(evil)}"><script>`,
    }),
  ),
});

/** As much of everything as a notice may have. */
export function full(letter: string): GroupNotice {
  const long = (length: number) => letter.repeat(length);
  const alarms = Array.from({ length: 50 }, (_, index) =>
    alarm({
      state: index < 30 ? 'Firing' : 'Resolved',
      labels: {
        ...labels,
        ...Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`l${n}`, long(4096)])),
        own: `${index}${long(4096)}`,
      },
      annotations: { ...annotations, description: `${index}${long(4096)}` },
      url: `https://example.com/${index}?${'x'.repeat(270)}`,
    }),
  );
  return notice({ alarms, firing: 3_000, resolved: 400 });
}

export const alarmNotices: readonly { name: string; notice: Notice; picture: boolean }[] = [
  { name: 'alarm', notice: notice(), picture: true },
  { name: 'alarm-many', notice: notice({ reason: 'NewAlarms', alarms: three }), picture: true },
  { name: 'alarm-many-de', notice: notice({ reason: 'NewAlarms', alarms: three }), picture: false },
  { name: 'alarm-mixed', notice: notice({ reason: 'SomeResolved', alarms: someOver }), picture: true },
  {
    name: 'alarm-resolved',
    notice: notice({ reason: 'AllResolved', alarms: three.map((one) => ({ ...one, ...over })) }),
    picture: true,
  },
  {
    name: 'alarm-resolved-de',
    notice: notice({ reason: 'AllResolved', alarms: three.map((one) => ({ ...one, ...over })) }),
    picture: false,
  },
  { name: 'alarm-repeat', notice: notice({ reason: 'Repeat', alarms: three }), picture: false },
  {
    name: 'alarm-event',
    notice: notice({ groupLabels: { namespace: 'billing' }, alarms: events.slice(0, 1) }),
    picture: false,
  },
  { name: 'alarm-hostile', notice: hostile, picture: true },
  { name: 'alarm-digest', notice: digest, picture: true },
  { name: 'alarm-digest-de', notice: digest, picture: false },
  { name: 'held-back', notice: heldBack, picture: true },
  { name: 'held-back-de', notice: heldBack, picture: false },
];

export function alarmSamples() {
  return alarmNotices.map(({ name, notice, picture }) => {
    const { kind, data } = alarmMail(notice, facts);
    return { name, kind, data, picture, locale: /-(de)$/.exec(name)?.[1] ?? 'en' };
  });
}

function shared(all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((one) => one[name] === value)),
  );
}
