// The built-in mails about alarms, in German; the state in a subject stays as it is, for mail filters.
import { type Block, type Design, note, paragraph, type TableColumn, when } from '../design.ts';
import { footer } from './words.ts';

const day = '%d.%m. %H:%M';

export const alarm: Design = {
  language: 'de',
  subject: '[{{ status }}] {{ title }}',
  heading: '{{ title }}',
  blocks: [
    when('state == "Firing"', { kind: 'badge', words: '{{ status }}', tone: 'alarm' }),
    when('state != "Firing"', { kind: 'badge', words: '{{ status }}', tone: 'calm' }),
    when('summary != ""', paragraph('{{ summary }}')),
    when('description != ""', paragraph('{{ description }}')),
    paragraph(whatIsNew()),
    when('links.size > 0', { kind: 'links', list: 'links' }),
    when('brokenLinks != ""', note('Weggelassen, weil sie keine http- oder https-URL ergeben: {{ brokenLinks }}.')),
    firing('firingAlarms', 'Aktiv'),
    over('resolvedAlarms', 'Vorbei'),
    when('more > 0', note('Und {{ more }} weitere.')),
    when('labels.size > 0', note('Labels{% if firing > 1 or resolved > 1 %}, die alle haben{% endif %}:'), {
      kind: 'pairs',
      list: 'labels',
    }),
    byRule(),
  ],
  footer,
};

/** Ein, zwei Sätze, warum die Mail jetzt kommt. */
function whatIsNew(): string {
  const active = '{% if firing == 1 %}1 Alarm ist aktiv{% else %}{{ firing }} Alarme sind aktiv{% endif %}';
  const now = '{% if firing == 1 %}jetzt ist 1 Alarm aktiv{% else %}jetzt sind {{ firing }} Alarme aktiv{% endif %}';
  const areOver = '{% if resolved == 1 %}1 ist vorbei{% else %}{{ resolved }} sind vorbei{% endif %}';
  const also = `{% if resolved > 0 %}, ${areOver}{% endif %}`;
  return `{% case reason %}{% when "NewAlarms" %}Es ist etwas hinzugekommen: ${now}${also}.{% when "SomeResolved" %}{% if resolved == 1 %}1 dieser Alarme ist vorbei{% else %}{{ resolved }} dieser Alarme sind vorbei{% endif %}; {% if firing == 1 %}1 ist noch aktiv{% else %}{{ firing }} sind noch aktiv{% endif %}.{% when "AllResolved" %}Hiervon ist nichts mehr aktiv: ${areOver}.{% when "Repeat" %}Erinnerung: {% if firing == 1 %}Dieser Alarm ist noch aktiv{% else %}Diese {{ firing }} Alarme sind noch aktiv{% endif %}${also}.{% else %}${active}${also}.{% endcase %}`;
}

function firing(list: string, heading: string): Block {
  return alarmTable(list, heading, {
    heading: 'Seit',
    value: `{{ row.startsAt | date: "${day}" }}`,
    below: `zuletzt {{ row.lastSeen | date: "${day}" }}`,
    short: true,
  });
}

function over(list: string, heading: string): Block {
  return alarmTable(list, heading, {
    heading: 'Von, bis',
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
      { heading: 'Anzahl', value: '{{ row.count }}', numeric: true },
    ],
  });
}

function byRule(): Block {
  return note('Nach Regel {{ ruleName }} der Policy {{ policyName }}. Zeiten gelten in der Zone {{ timeZone }}.');
}

export const alarmDigest: Design = {
  language: 'de',
  subject:
    '[DIGEST{% if stillFiring > 0 %}, FIRING {{ stillFiring }}{% if severity != "" %}, {{ severity }}{% endif %}{% endif %}] Alarme der Ruhezeit ({{ ruleName }})',
  heading: 'Alarme der Ruhezeit',
  blocks: [
    paragraph(
      `Von {{ from | date: "${day}" }} bis {{ until | date: "${day}" }} haben Alarme gewartet. Von denen, die begannen, {% if stillFiring == 1 %}ist 1 noch aktiv{% else %}sind {{ stillFiring }} noch aktiv{% endif %}; {{ cameAndWent }} {% if cameAndWent == 1 %}kam und ging{% else %}kamen und gingen{% endif %}.`,
    ),
    firing('stillFiringAlarms', 'Noch aktiv'),
    over('cameAndWentAlarms', 'Kam und ging'),
    when('more > 0', note('Und {{ more }} weitere.')),
    byRule(),
  ],
  footer,
};

export const heldBack: Design = {
  language: 'de',
  subject: '[HELD BACK {{ heldBack }}] Zu viele Mails über Alarme ({{ ruleName }})',
  heading: '{% if heldBack == 1 %}1 Mail wurde{% else %}{{ heldBack }} Mails wurden{% endif %} zurückgehalten',
  blocks: [
    paragraph(
      `Von {{ from | date: "${day}" }} bis {{ until | date: "${day}" }} gab es mehr Mails über Alarme, als die Regel erlaubt (rateLimit). Über diese Gruppen ging nicht jede Mail hinaus:`,
    ),
    {
      kind: 'table',
      list: 'groups',
      columns: [
        {
          heading: 'Gruppe',
          value: '{{ row.title }}',
          below:
            '{% if row.state == "Firing" %}FIRING {{ row.firing }}{% else %}RESOLVED{% endif %}{% if row.resolved > 0 %}, {{ row.resolved }} vorbei{% endif %}',
        },
        { heading: 'Mails zurückgehalten', value: '{{ row.heldBack }}', numeric: true },
      ],
    },
    when('more > 0', note('Und {{ more }} weitere über andere Gruppen.')),
    byRule(),
  ],
  footer,
};
