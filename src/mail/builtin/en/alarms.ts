// The built-in mails about alarms, in English.
import { type Block, type Design, note, paragraph, type TableColumn, when } from '../design.ts';
import { footer } from './words.ts';

const day = '%e %b %H:%M';

export const alarm: Design = {
  language: 'en',
  subject: '[{{ status }}] {{ title }}',
  heading: '{{ title }}',
  blocks: [
    when('state == "Firing"', { kind: 'badge', words: '{{ status }}', tone: 'alarm' }),
    when('state != "Firing"', { kind: 'badge', words: '{{ status }}', tone: 'calm' }),
    when('summary != ""', paragraph('{{ summary }}')),
    when('description != ""', paragraph('{{ description }}')),
    paragraph(whatIsNew()),
    when('links.size > 0', { kind: 'links', list: 'links' }),
    when('brokenLinks != ""', note('Left out, since they make no http or https URL: {{ brokenLinks }}.')),
    firing('firingAlarms', 'Firing'),
    over('resolvedAlarms', 'Resolved'),
    when('more > 0', note('And {{ more }} more.')),
    when('labels.size > 0', note('Labels{% if firing > 1 or resolved > 1 %} that all of them have{% endif %}:'), {
      kind: 'pairs',
      list: 'labels',
    }),
    byRule(),
  ],
  footer,
};

/** One sentence or two on why the mail comes now. */
function whatIsNew(): string {
  const fire = '{% if firing == 1 %}1 alarm fires{% else %}{{ firing }} alarms fire{% endif %}';
  const areOver = '{% if resolved == 1 %}1 is resolved{% else %}{{ resolved }} are resolved{% endif %}';
  const also = `{% if resolved > 0 %}, ${areOver}{% endif %}`;
  return `{% case reason %}{% when "NewAlarms" %}Something new fires: now ${fire}${also}.{% when "SomeResolved" %}Of these alarms ${areOver}; {% if firing == 1 %}1 still fires{% else %}{{ firing }} still fire{% endif %}.{% when "AllResolved" %}Nothing of this fires any more: ${areOver}.{% when "Repeat" %}Reminder: {% if firing == 1 %}this alarm still fires{% else %}these {{ firing }} alarms still fire{% endif %}${also}.{% else %}${fire}${also}.{% endcase %}`;
}

function firing(list: string, heading: string): Block {
  return alarmTable(list, heading, {
    heading: 'Since',
    value: `{{ row.startsAt | date: "${day}" }}`,
    below: `seen {{ row.lastSeen | date: "${day}" }}`,
    short: true,
  });
}

function over(list: string, heading: string): Block {
  return alarmTable(list, heading, {
    heading: 'From, until',
    value: `{{ row.startsAt | date: "${day}" }}`,
    below: `{{ row.endsAt | date: "${day}" }}`,
    short: true,
  });
}

function alarmTable(list: string, heading: string, time: TableColumn): Block {
  return when(`${list}.size > 0`, {
    kind: 'table',
    titled: true,
    list,
    columns: [
      { heading, value: '{{ row.name }}', lines: ['row.message', 'row.labels'], url: 'row.url' },
      time,
      { heading: 'Count', value: '{{ row.count }}', numeric: true },
    ],
  });
}

function byRule(): Block {
  return note('By rule {{ ruleName }} of policy {{ policyName }}. Times are in the zone {{ timeZone }}.');
}

export const alarmDigest: Design = {
  language: 'en',
  subject:
    '[DIGEST{% if stillFiring > 0 %}, FIRING {{ stillFiring }}{% if severity != "" %}, {{ severity }}{% endif %}{% endif %}] Alarms of the quiet period ({{ ruleName }})',
  heading: 'Alarms of the quiet period',
  blocks: [
    paragraph(
      `From {{ from | date: "${day}" }} until {{ until | date: "${day}" }} alarms waited. Of those that began in that time, {% if stillFiring == 1 %}1 still fires{% else %}{{ stillFiring }} still fire{% endif %}, and {{ cameAndWent }} came and went.`,
    ),
    firing('stillFiringAlarms', 'Still firing'),
    over('cameAndWentAlarms', 'Came and went'),
    when('more > 0', note('And {{ more }} more.')),
    byRule(),
  ],
  footer,
};

export const heldBack: Design = {
  language: 'en',
  subject: '[HELD BACK {{ heldBack }}] Too many mails about alarms ({{ ruleName }})',
  heading: '{% if heldBack == 1 %}1 mail was{% else %}{{ heldBack }} mails were{% endif %} held back',
  blocks: [
    paragraph(
      `From {{ from | date: "${day}" }} until {{ until | date: "${day}" }} there were more mails about alarms than the rule allows (rateLimit). These groups were not told one by one:`,
    ),
    {
      kind: 'table',
      list: 'groups',
      columns: [
        {
          heading: 'Group',
          value: '{{ row.title }}',
          below:
            '{% if row.state == "Firing" %}FIRING {{ row.firing }}{% else %}RESOLVED{% endif %}{% if row.resolved > 0 %}, {{ row.resolved }} resolved{% endif %}',
        },
        { heading: 'Mails held back', value: '{{ row.heldBack }}', numeric: true },
      ],
    },
    when('more > 0', note('And {{ more }} more about other groups.')),
    byRule(),
  ],
  footer,
};
