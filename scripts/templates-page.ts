// docs/templates.md: the language of templates, and every variable from the very tables that templates are checked by.
import { builtinLanguages } from '../src/mail/builtin/builtin-template.ts';
import {
  alarmDigestVariables,
  alarmVariables,
  heldBackVariables,
  linkVariables,
} from '../src/mail/template/alarm-variables.ts';
import { directives, formatTime, longTime } from '../src/mail/template/clock-format.ts';
import { allowedFilters, allowedTags, outputLimit } from '../src/mail/template/engine.ts';
import { isMap, type TemplateValue, type Variable, type VariableTable } from '../src/mail/template/variable-table.ts';
import { credentialsVariables, digestVariables, reminderVariables } from '../src/mail/template/variables.ts';

const reader = { locale: 'en', timeZone: 'Europe/Berlin' };
const sampleTime = Date.UTC(2026, 11, 1, 17);

const tags: Readonly<Record<(typeof allowedTags)[number], string>> = {
  assign: '`{% assign name = username | upcase %}` gives a name of your own a value.',
  break: '`{% break %}` ends a loop.',
  case: '`{% case trigger %}{% when "PasswordReset" %}…{% else %}…{% endcase %}` chooses by value.',
  comment: '`{% comment %}…{% endcomment %}` is left out.',
  continue: '`{% continue %}` goes on with the next row of a loop.',
  for: '`{% for row in rows %}{{ row.name }}{% endfor %}` repeats; `forloop.index`, `forloop.first` and `forloop.last` tell where it is.',
  if: '`{% if validTo %}…{% elsif … %}…{% else %}…{% endif %}` chooses; with `==`, `!=`, `<`, `>`, `<=`, `>=`, `contains`, `and`, `or`.',
  unless: '`{% unless accountTold %}…{% endunless %}` is the contrary of `if`.',
  '#': '`{% # a remark %}` is left out.',
};

const filters: Readonly<Record<(typeof allowedFilters)[number], string>> = {
  append: '`{{ username | append: "!" }}` puts a text behind.',
  capitalize: '`{{ trigger | capitalize }}` makes the first letter large and the others small.',
  date: '`{{ validTo | date: "%d.%m.%Y" }}` shows a time in a form of your own.',
  default: '`{{ mobileNumber | default: "NA" }}` stands in for what is missing or empty.',
  downcase: '`{{ username | downcase }}` makes small letters.',
  minus: '`{{ total | minus: 1 }}` subtracts.',
  plus: '`{{ daysLeft | plus: 1 }}` adds.',
  prepend: '`{{ username | prepend: "user " }}` puts a text before.',
  replace: '`{{ username | replace: ".", " " }}` replaces a text, each time it occurs.',
  size: '`{{ rows | size }}` counts rows or letters.',
  strip: '`{{ reasonForVisit | strip }}` takes blanks from both ends.',
  truncate: '`{{ reasonForVisit | truncate: 40 }}` cuts a long text.',
  upcase: '`{{ username | upcase }}` makes capitals.',
  url_encode: '`{{ username | url_encode }}` makes a text fit to stand in an address after `?`.',
};

export function templatesPage(): string {
  return `<!-- Generated from src/mail/template/ by \`npm run generate\`; do not edit. -->
# Templates: how a mail reads

A rule without \`template\` sends the built-in mail (in ${builtinLanguages.join(' and ')}; other languages read en). A rule with one
changes what it names and no more: its own \`subject\` goes with the built-in text and HTML, its own \`text\` or \`html\` with the
built-in subject.

\`\`\`yaml
template:
  subject: Your access to the guest network
  text: |
    Hello {{ firstName | default: username }},
    your user name is {{ username }}, your password {{ password }}.
    {% if validTo %}Both work until {{ validTo }}.{% endif %}
  locales:
    de:
      subject: Ihr Zugang zum Gästenetz
      text: …
\`\`\`

- Where there is only \`text\`, the mail has no HTML. Where there is only \`html\`, a text is made from it.
- \`locales\` are chosen by the account's \`locale\`: for \`pt-BR\` first \`pt-BR\`, then \`pt\`, then the texts without a locale. Text and
  HTML come from one place together; the subject may come from another.
- In a ConfigMap (\`configMapRef\`) the keys are \`subject\`, \`text\` and \`html\`, for a locale \`subject.de\`, \`text.de\` and \`html.de\`.
- The second mail of \`password: SeparateMail\`, with the password alone, is always the built-in one; so are the mails of an alarm
  rule about what waited through a quiet period and about what its rate limit held back.

## The language
It is [Liquid](https://shopify.github.io/liquid/) with the tags and filters below. It runs no code and reads no files. A template is
checked when the policy is read, and by \`relaykeeper validate\`: an unknown variable, tag or filter is an error with its line and column.
A part may take two seconds and make ${outputLimit / 1024} KiB at most. In HTML every value is escaped, and nothing switches that off; put attributes
in quotes. A variable without a value is empty. A subject becomes one line of at most 255 characters, and takes no secrets (🔒).

### Tags
${allowedTags.map((tag) => `- ${tags[tag]}`).join('\n')}

### Filters
${allowedFilters.map((filter) => `- ${filters[filter]}`).join('\n')}

### Times
A time is shown in the reader's language and time zone, with the zone named: \`{{ validTo }}\` is \`${longTime(sampleTime, reader)}\`.
With \`date\` these directives make other forms:

| directive | gives |
| --- | --- |
${directives.map((directive) => `| \`${directive}\` | ${formatTime(sampleTime, directive, reader)} |`).join('\n')}

## Variables of credentials mails
The same for a new account and a changed password; \`trigger\` tells them apart.

${variableTable(credentialsVariables)}

## Variables of reminders
What does not belong to the subject is empty: a certificate has no user name.

${variableTable(reminderVariables)}

## Variables of digests
${variableTable(digestVariables)}

Each of \`rows\`:

${variableTable(digestVariables.rows?.fields ?? {})}

## Variables of alarms
A mail is about one group. What comes from an alarm is one line without control characters, cut where it is long, and never
markup, template or header. A map such as \`commonLabels\` takes any name; a label that is not there is empty.

A subject of your own should keep \`{{ title }}\`, and put what changes in brackets before it, as the built-in one does:
\`[{{ status }}] {{ title }}\`. All mails of a group then stay one thread, which mail programs find by \`References\`: Gmail wants the
same subject too, and leaves a prefix in brackets out when it compares; Outlook goes by \`Thread-Topic\`, which is the title.

${variableTable(alarmVariables)}

Each of \`firingAlarms\` and \`resolvedAlarms\`:

${variableTable(alarmVariables.firingAlarms?.fields ?? {})}

\`{% for label in labels %}\` gives \`label.name\` and \`label.value\`, \`{% for link in links %}\` gives \`link.name\` and \`link.url\`.

### Links of an alarm rule
The \`url\` of each of a rule's \`links\` is a template too, with the variables below. Every value in it is encoded as part of a URL, once,
with or without \`url_encode\`. What it makes must be an http or https URL without a user name and of at most 1000 characters; otherwise the
link is left out, and the mail says so.

\`\`\`yaml
links:
  - name: Logs
    url: https://logs.example.com/?q=namespace:{{ groupLabels.namespace }}
  - name: Dashboard
    url: https://grafana.example.com/d/apps?var-app={{ commonLabels["app.kubernetes.io/name"] }}
\`\`\`

${variableTable(linkVariables)}

### The mails beside it
These are always built in, and made from:

After a quiet period:

${variableTable(alarmDigestVariables)}

Past the rate limit:

${variableTable(heldBackVariables)}

Each of \`groups\`:

${variableTable(heldBackVariables.groups?.fields ?? {})}
`;
}

function variableTable(table: VariableTable): string {
  const rows = Object.entries(table).map(
    ([name, variable]) => `| \`${name}\`${variable.secret ? ' 🔒' : ''} | ${variable.meaning} | ${sample(variable)} |`,
  );
  return ['| variable | meaning | sample |', '| --- | --- | --- |', ...rows].join('\n');
}

function sample({ sample: value, fields }: Variable): string {
  return fields || value === '' || value === null ? '' : `\`${shown(value)}\``;
}

function shown(value: TemplateValue): string {
  if (isMap(value)) return [...value].map(([name, text]) => `${name}=${text}`).join(', ');
  return value instanceof Date ? value.toISOString().replace('.000', '') : String(value);
}
