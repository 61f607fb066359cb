// One table of policies, right and wrong, with what is said of each: run through parsePolicy, `validate` and the API server.

export interface PolicyCase {
  readonly title: string;
  readonly manifest: unknown;
  /** `fieldPath: message`, in any order; none for a policy that can be used. */
  readonly says: readonly string[];
  /** What only this program knows; the API server takes the policy. */
  readonly beyondServer?: true;
}

type Json = Record<string, unknown>;

export function policy(spec: unknown, more: Json = {}): Json {
  const type = { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'NotificationPolicy' };
  return { ...type, metadata: { name: 'guests' }, spec, ...more };
}

const relayRef = { name: 'corporate' };
const guests = { matchLabels: { 'relaykeeper.dev/account': 'guest' } };
const credentials = { name: 'guest', selector: guests, password: 'Include' };
const reminder = { name: 'expiry', subjects: { accounts: { expiry: 'AccountEnd' } }, schedule: '0 8 * * *' };
const resources = { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', expiryPath: '$.status.notAfter' };
const told = { addresses: ['admins@example.com'] };

const withCredentials = (more: Json) => ({ relayRef, credentials: [{ ...credentials, ...more }] });
const withReminder = (more: Json) => ({ relayRef, reminders: [{ ...reminder, ...more }] });
const withResources = (more: Json) =>
  withReminder({ notify: told, subjects: { resources: { ...resources, ...more } } });

const alarm = { name: 'oncall', sources: { relays: true }, notify: { addresses: ['oncall@example.com'] } };
const withAlarm = (more: Json) => ({ relayRef, alarms: [{ ...alarm, ...more }] });
const withCondition = (more: Json) =>
  withAlarm({
    sources: {
      resourceConditions: [{ apiVersion: 'apps/v1', kind: 'Deployment', type: 'Available', status: 'False', ...more }],
    },
  });
const withMatch = (...match: readonly Json[]) => withAlarm({ match });
const withQuiet = (more: Json) => ({
  relayRef,
  alarms: [alarm],
  quietPeriods: [{ schedule: '0 22 * * *', duration: '8h', ...more }],
});
const critical = { key: 'severity', operator: 'In', values: ['critical'] };

const valid: readonly (readonly [string, unknown])[] = [
  ['a relay alone', { relayRef }],
  ['credentials', withCredentials({})],
  ['credentials for everybody', withCredentials({ selector: {} })],
  ['a reminder', withReminder({})],
  ['null is the same as absent', withReminder({ timeZone: null, notify: null, template: null })],
  ['a schedule with names', withReminder({ schedule: '*/15 8-18 * jan-mar mon-fri', timeZone: 'Europe/Berlin' })],
  ['a digest', withReminder({ digest: true, notify: told })],
  ['certificates', withReminder({ subjects: { certificates: {} }, notify: told })],
  ['relays', withReminder({ subjects: { relays: { selector: guests } }, notify: told })],
  ['any resource', withResources({ addressPath: "$.metadata.annotations['example.com/owner']" })],
  [
    'a resource that names whom to tell',
    withReminder({ subjects: { resources: { ...resources, addressPath: '$.a' } } }),
  ],
  ['texts by locale', withCredentials({ template: { text: 'Hi', locales: { 'pt-BR': { text: 'Oi' } } } })],
  ['texts in a ConfigMap', withCredentials({ template: { configMapRef: { name: 'texts' } } })],
  ['an alarm rule', withAlarm({})],
  [
    'alarms of every source',
    withAlarm({ sources: { relays: true, webhook: { tokenSecretRef: { name: 'token' } }, kubernetesEvents: {} } }),
  ],
  ['conditions of any kind', withCondition({ apiVersion: 'example.com/v1beta2', for: '0s' })],
  ['a group that waits for nothing', withAlarm({ groupWait: '0s', groupBy: ['...'] })],
  ['matchers of alarms', withMatch(critical, { key: 'job', operator: 'Matches', values: ['api-(a|b).*'] })],
  ['a label with a name in UTF-8', withAlarm({ groupBy: ['größe', 'a.b/c'] })],
  ['inhibition', withAlarm({ inhibit: [{ source: [critical], target: [critical], equal: ['namespace'] }] })],
  ['a quiet period', withQuiet({ duration: '7d', timeZone: 'Europe/Berlin', except: [critical] })],
  [
    'links of alarms',
    withAlarm({
      links: [
        { name: 'Runbook', url: 'https://runbooks.example.com/{{ commonLabels.alertname | url_encode }}' },
        { name: 'Dashboard', url: '{{ commonLabels.dashboard }}' },
      ],
    }),
  ],
  ['fallbacks', { relayRef, fallbackRelayRefs: [{ name: 'backup', namespace: 'mail' }] }],
];

const invalid: readonly (readonly [string, unknown, ...string[]])[] = [
  ['no relay', {}, 'spec.relayRef: Required value'],
  [
    'a sender that is no address',
    { relayRef, from: { address: 'guests' } },
    'spec.from.address: Invalid value: "guests": must be an e-mail address such as guests@example.com',
  ],
  [
    'a header smuggled into a name',
    { relayRef, from: { address: 'a@example.com', name: 'a\r\nBcc: b@example.com' } },
    'spec.from.name: Invalid value: "a\\r\\nBcc: b@example.com": must be one line',
  ],
  [
    'a mode that there is not',
    { relayRef, mode: 'Test' },
    'spec.mode: Unsupported value: "Test": supported values: "Active", "DryRun"',
  ],
  [
    'a rule name twice',
    { relayRef, credentials: [credentials, credentials] },
    'spec.credentials[1]: Duplicate value: {"name":"guest"}',
  ],
  [
    'a rule without a word on the password',
    { relayRef, credentials: [{ name: 'guest', selector: {} }] },
    'spec.credentials[0].password: Required value',
  ],
  [
    'the password in a subject',
    withCredentials({ template: { subject: 'Your password is {{ password }}' } }),
    'spec.credentials[0].template: Invalid value: a subject may not hold the password',
  ],
  [
    'credentials that nobody gets',
    withCredentials({ notify: { account: false } }),
    'spec.credentials[0].notify: Invalid value: nobody would be told; set account, sponsor or addresses',
  ],
  [
    'an address that is none',
    withCredentials({ notify: { addresses: ['admins'] } }),
    'spec.credentials[0].notify.addresses[0]: Invalid value: "admins": must be an e-mail address such as admins@example.com',
  ],
  [
    'a ConfigMap and a text',
    withCredentials({ template: { text: 'Hi', configMapRef: { name: 'texts' } } }),
    'spec.credentials[0].template: Invalid value: configMapRef goes without subject, text, html and locales',
  ],
  [
    'subjects of no kind',
    withReminder({ subjects: {} }),
    'spec.reminders[0].subjects: Invalid value: exactly one of accounts, certificates, resources and relays must be set',
  ],
  [
    'subjects of two kinds',
    withReminder({ subjects: { relays: {}, certificates: {} }, notify: told }),
    'spec.reminders[0].subjects: Invalid value: exactly one of accounts, certificates, resources and relays must be set',
  ],
  [
    'Secrets as resources',
    withResources({ apiVersion: 'v1', kind: 'Secret' }),
    'spec.reminders[0].subjects.resources: Invalid value: kind Secret is not for resources; use accounts or certificates',
  ],
  ['a day twice', withReminder({ daysBefore: [7, 7] }), 'spec.reminders[0].daysBefore[1]: Duplicate value: 7'],
  [
    'no day at all',
    withReminder({ daysBefore: [] }),
    'spec.reminders[0].daysBefore: Invalid value: 0: spec.reminders[0].daysBefore in body should have at least 1 items',
  ],
  [
    'a rule that is no object',
    { relayRef, reminders: ['expiry'] },
    'spec.reminders[0]: Invalid value: "string": spec.reminders[0] in body must be of type object: "string"',
    'spec.reminders[0]: Invalid value: "expiry": must be an object for an array of list-type map',
  ],
  [
    'a day after the end',
    withReminder({ daysBefore: [-1] }),
    'spec.reminders[0].daysBefore[0]: Invalid value: -1: spec.reminders[0].daysBefore[0] in body should be greater than or equal to 0',
  ],
  [
    'a digest for nobody',
    withReminder({ digest: true }),
    'spec.reminders[0].digest: Invalid value: digest needs notify.addresses',
  ],
  [
    'alarms of no source',
    withAlarm({ sources: {} }),
    'spec.alarms[0].sources: Invalid value: no source is set; set kubernetesEvents, resourceConditions, webhook or relays',
  ],
  [
    'alarms that nobody gets',
    withAlarm({ notify: {} }),
    'spec.alarms[0].notify: Invalid value: nobody would be told; set addresses, adminAccounts or namespaceAnnotation',
  ],
  ['a label to group by twice', withAlarm({ groupBy: ['a', 'a'] }), 'spec.alarms[0].groupBy[1]: Duplicate value: "a"'],
  [
    "an alarm rule's name twice",
    { relayRef, alarms: [alarm, alarm] },
    'spec.alarms[1]: Duplicate value: {"name":"oncall"}',
  ],
  [
    'conditions of Secrets',
    withCondition({ apiVersion: 'v1', kind: 'Secret' }),
    'spec.alarms[0].sources.resourceConditions[0].kind: Invalid value: Secrets are never read for alarms',
  ],
  [
    'a matcher without values',
    withMatch({ key: 'severity', operator: 'In' }),
    'spec.alarms[0].match[0]: Invalid value: In, NotIn, Matches and NotMatches need values; Exists and DoesNotExist take none',
  ],
  [
    'a webhook without a token',
    withAlarm({ sources: { webhook: {} } }),
    'spec.alarms[0].sources.webhook.tokenSecretRef: Required value',
  ],
  [
    'a typing error',
    withReminder({ dayBefore: [7] }),
    'spec.reminders[0].dayBefore: unknown field "spec.reminders[0].dayBefore"; did you mean "spec.reminders[0].daysBefore"?',
  ],
];

const beyond: readonly (readonly [string, unknown, ...string[]])[] = [
  [
    'a minute that there is not',
    withReminder({ schedule: '61 8 * * *' }),
    'spec.reminders[0].schedule: Invalid value: "61 8 * * *": must have a minute of 0 to 59 with ranges, lists and steps (1-5, 1,15, */10), not "61"',
  ],
  [
    'four fields',
    withReminder({ schedule: '0 8 * *' }),
    'spec.reminders[0].schedule: Invalid value: "0 8 * *": must be cron with five fields (minute hour day month weekday), such as 0 8 * * *; it has 4',
  ],
  [
    'a nickname of a schedule',
    withReminder({ schedule: '@daily' }),
    'spec.reminders[0].schedule: Invalid value: "@daily": must be cron with five fields (minute hour day month weekday), such as 0 8 * * *; it is a nickname',
  ],
  [
    'six fields',
    withReminder({ schedule: '0 0 8 * * *' }),
    'spec.reminders[0].schedule: Invalid value: "0 0 8 * * *": must be cron with five fields (minute hour day month weekday), such as 0 8 * * *; it has 6',
  ],
  [
    'a date that never comes',
    withReminder({ schedule: '0 0 30 2 *' }),
    'spec.reminders[0].schedule: Invalid value: "0 0 30 2 *": must name a date that exists; this one never comes',
  ],
  [
    'a time zone that there is not',
    withReminder({ timeZone: 'Europe/Berlim' }),
    'spec.reminders[0].timeZone: Invalid value: "Europe/Berlim": must be an IANA time zone such as Europe/Berlin or Etc/UTC',
  ],
  [
    'a path that names many places',
    withResources({ expiryPath: '$..notAfter' }),
    'spec.reminders[0].subjects.resources.expiryPath: Invalid value: "$..notAfter": must name one place: no .., *, filters or slices; not "..notAfter" at character 2',
  ],
  [
    'an address path without $',
    withResources({ addressPath: 'metadata.owner' }),
    'spec.reminders[0].subjects.resources.addressPath: Invalid value: "metadata.owner": must start with $, such as $.status.notAfter',
  ],
  [
    'a resource without a version',
    withResources({ apiVersion: 'cert-manager.io' }),
    'spec.reminders[0].subjects.resources.apiVersion: Invalid value: "cert-manager.io": must be a group and a version such as cert-manager.io/v1, or v1',
  ],
  [
    'certificates that nobody is told of',
    withReminder({ subjects: { certificates: {} } }),
    'spec.reminders[0].notify: Invalid value: nobody would be told: only accounts have addresses of their own; set addresses',
  ],
  [
    'In without values',
    withCredentials({ selector: { matchExpressions: [{ key: 'site', operator: 'In' }] } }),
    'spec.credentials[0].selector.matchExpressions[0]: Invalid value: values are required with the operators In and NotIn, and only then',
  ],
  [
    'Exists with values',
    withReminder({ namespaceSelector: { matchExpressions: [{ key: 'site', operator: 'Exists', values: ['a'] }] } }),
    'spec.reminders[0].namespaceSelector.matchExpressions[0]: Invalid value: values are required with the operators In and NotIn, and only then',
  ],
  [
    'a label that can be on nothing',
    withCredentials({ selector: { matchLabels: { site: 'a b' } } }),
    "spec.credentials[0].selector.matchLabels.site: Invalid value: \"a b\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  ],
  [
    'a locale that is none',
    withCredentials({ template: { locales: { 'in German': { text: 'Hallo' } } } }),
    'spec.credentials[0].template.locales: Invalid value: "in German": must be a locale such as de or pt-BR',
  ],
  [
    'an alarm delivered within no time',
    { relayRef, deliverWithin: { alarms: '0s' } },
    'spec.deliverWithin.alarms: Invalid value: "0s": must be longer than nothing, and no longer than can be counted',
  ],
  [
    'groups that are looked at all the time',
    withAlarm({ groupInterval: '0s' }),
    'spec.alarms[0].groupInterval: Invalid value: "0s": must be longer than nothing, and no longer than can be counted',
  ],
  [
    'a repeat that never ends',
    withAlarm({ repeatInterval: '0ms' }),
    'spec.alarms[0].repeatInterval: Invalid value: "0ms": must be longer than nothing, and no longer than can be counted',
  ],
  [
    'a repeat between two looks',
    withAlarm({ groupInterval: '10m', repeatInterval: '5m' }),
    'spec.alarms[0].repeatInterval: Invalid value: "5m": must not be shorter than groupInterval, which is 10m',
  ],
  [
    'a wait that cannot be counted',
    withAlarm({ groupWait: '99999999999999999999d' }),
    'spec.alarms[0].groupWait: Invalid value: "99999999999999999999d": must be no longer than can be counted',
  ],
  [
    'all labels and one more',
    withAlarm({ groupBy: ['...', 'namespace'] }),
    'spec.alarms[0].groupBy: Invalid value: "..." is every label, and goes alone',
  ],
  [
    'a group by what is no label',
    withAlarm({ groupBy: ['a\nb', 'c '] }),
    'spec.alarms[0].groupBy[0]: Invalid value: "a\\nb": must be a label\'s name: one line without blanks at its ends',
    'spec.alarms[0].groupBy[1]: Invalid value: "c ": must be a label\'s name: one line without blanks at its ends',
  ],
  [
    'an expression that is none',
    withMatch(critical, { key: 'job', operator: 'Matches', values: ['api', '(api'] }),
    'spec.alarms[0].match[1].values[1]: Invalid value: "(api": must be an RE2 expression; error parsing regexp: missing closing ): `(api`',
  ],
  [
    'an expression that RE2 does not know',
    withMatch({ key: 'job', operator: 'NotMatches', values: ['(?=api)'] }),
    'spec.alarms[0].match[0].values[0]: Invalid value: "(?=api)": must be an RE2 expression; error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
  ],
  [
    'a matcher of what is no label',
    withMatch({ key: ' job', operator: 'Exists' }),
    'spec.alarms[0].match[0].key: Invalid value: " job": must be a label\'s name: one line without blanks at its ends',
  ],
  [
    'an inhibition of all by all',
    withAlarm({ inhibit: [{ source: [], target: [critical], equal: [' '] }] }),
    'spec.alarms[0].inhibit[0].source: Invalid value: every alarm would match; set at least one requirement',
    'spec.alarms[0].inhibit[0].equal[0]: Invalid value: " ": must be a label\'s name: one line without blanks at its ends',
  ],
  [
    'an expression in an inhibition that is none',
    withAlarm({ inhibit: [{ source: [critical], target: [{ key: 'a', operator: 'Matches', values: ['['] }] }] }),
    'spec.alarms[0].inhibit[0].target[0].values[0]: Invalid value: "[": must be an RE2 expression; error parsing regexp: missing closing ]: `[`',
  ],
  [
    'a limit of mails in no time',
    withAlarm({ rateLimit: { messages: 1, per: '0s' } }),
    'spec.alarms[0].rateLimit.per: Invalid value: "0s": must be longer than nothing, and no longer than can be counted',
  ],
  [
    'a link that is no page',
    withAlarm({ links: [{ name: 'x', url: 'javascript:alert({{ commonLabels.a }})' }] }),
    'spec.alarms[0].links[0].url: Invalid value: "javascript:alert({{ commonLabels.a }})": must make an https or http URL, such as https://runbooks.example.com/{{ commonLabels.alertname }}',
  ],
  [
    'a link without a host',
    withAlarm({ links: [{ name: 'x', url: 'https://' }] }),
    'spec.alarms[0].links[0].url: Invalid value: "https://": must make an https or http URL, such as https://runbooks.example.com/{{ commonLabels.alertname }}',
  ],
  [
    'an alarm in a time zone that there is not',
    withAlarm({ timeZone: 'Mars/Olympus' }),
    'spec.alarms[0].timeZone: Invalid value: "Mars/Olympus": must be an IANA time zone such as Europe/Berlin or Etc/UTC',
  ],
  [
    'an annotation that can be on no namespace',
    withAlarm({ notify: { namespaceAnnotation: '/owner' } }),
    'spec.alarms[0].notify.namespaceAnnotation: Invalid value: "/owner": prefix part must be non-empty',
  ],
  [
    'Events in no time',
    withAlarm({ sources: { kubernetesEvents: { after: { times: 3, within: '0s' }, resolveAfter: '0s' } } }),
    'spec.alarms[0].sources.kubernetesEvents.after.within: Invalid value: "0s": must be longer than nothing, and no longer than can be counted',
    'spec.alarms[0].sources.kubernetesEvents.resolveAfter: Invalid value: "0s": must be longer than nothing, and no longer than can be counted',
  ],
  [
    'Events of namespaces that are selected by nothing',
    withAlarm({
      sources: { kubernetesEvents: { namespaceSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } } },
    }),
    'spec.alarms[0].sources.kubernetesEvents.namespaceSelector.matchExpressions[0]: Invalid value: values are required with the operators In and NotIn, and only then',
  ],
  [
    'webhook alarms that are over at once',
    withAlarm({ sources: { webhook: { tokenSecretRef: { name: 'token' }, resolveAfter: '0s' } } }),
    'spec.alarms[0].sources.webhook.resolveAfter: Invalid value: "0s": must be longer than nothing, and no longer than can be counted',
  ],
  [
    'a condition of a kind without a version',
    withCondition({ apiVersion: 'apps' }),
    'spec.alarms[0].sources.resourceConditions[0].apiVersion: Invalid value: "apps": must be a group and a version such as cert-manager.io/v1, or v1',
  ],
  [
    'conditions selected by what can be on nothing',
    withCondition({ selector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] } }),
    'spec.alarms[0].sources.resourceConditions[0].selector.matchExpressions[0]: Invalid value: values are required with the operators In and NotIn, and only then',
  ],
  [
    'an alarm in a locale that is none',
    withAlarm({ template: { locales: { 'in German': { text: 'Hallo' } } } }),
    'spec.alarms[0].template.locales: Invalid value: "in German": must be a locale such as de or pt-BR',
  ],
  [
    'a quiet period that never comes',
    withQuiet({ schedule: '0 0 31 2 *' }),
    'spec.quietPeriods[0].schedule: Invalid value: "0 0 31 2 *": must name a date that exists; this one never comes',
  ],
  [
    'a quiet period that lasts longer than a week',
    withQuiet({ duration: '7d1ms' }),
    'spec.quietPeriods[0].duration: Invalid value: "7d1ms": must be longer than nothing, and 7 days at most',
  ],
  [
    'a quiet period in a time zone that there is not',
    withQuiet({ timeZone: 'CEST', except: [{ key: 'a', operator: 'Matches', values: ['*'] }] }),
    'spec.quietPeriods[0].timeZone: Invalid value: "CEST": must be an IANA time zone such as Europe/Berlin or Etc/UTC',
    'spec.quietPeriods[0].except[0].values[0]: Invalid value: "*": must be an RE2 expression; error parsing regexp: missing argument to repetition operator: `*`',
  ],
  [
    'a delivery within no time',
    { relayRef, deliverWithin: { credentials: '0s' } },
    'spec.deliverWithin.credentials: Invalid value: "0s": must be longer than nothing, and no longer than can be counted',
  ],
];

export const policyCases: readonly PolicyCase[] = [
  ...valid.map(([title, spec]) => ({ title, manifest: policy(spec), says: [] })),
  ...invalid.map(([title, spec, ...says]) => ({ title, manifest: policy(spec), says })),
  ...beyond.map(([title, spec, ...says]) => ({ title, manifest: policy(spec), says, beyondServer: true as const })),
];
