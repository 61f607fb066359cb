// The built-in digest of reminders, in German.
import { type Design, note, paragraph, when } from '../design.ts';
import { footer } from './words.ts';

export const digest: Design = {
  language: 'de',
  subject:
    '{{ total }} {% if total == 1 %}Eintrag endet bald oder ist beendet{% else %}Einträge enden bald oder sind beendet{% endif %} ({{ ruleName }})',
  heading:
    '{{ total }} {% if total == 1 %}Eintrag endet bald oder ist beendet{% else %}Einträge enden bald oder sind beendet{% endif %}',
  blocks: [
    paragraph('Nach Regel {{ ruleName }} der Policy {{ policyName }} steht an:'),
    {
      kind: 'table',
      list: 'rows',
      columns: [
        {
          heading: 'Was',
          value:
            '{% case row.subjectKind %}{% when "AccountEnd" %}Konto{% when "PasswordEnd" %}Passwort{% when "Certificate" %}Zertifikat{% when "RelayCertificate" %}Relay-Zertifikat{% else %}Ressource{% endcase %} {{ row.description | default: row.name | truncate: 120 }}',
          below: '{{ row.namespace }}/{{ row.name }}',
        },
        {
          heading: 'Ende',
          value: '{{ row.expiresAt | date: "%d.%m.%Y" }}',
          below: '{{ row.expiresAt | date: "%H:%M" }}',
          short: true,
        },
        { heading: 'Tage', value: '{% if row.ended %}beendet{% else %}{{ row.daysLeft }}{% endif %}', numeric: true },
      ],
    },
    when('total > rows.size', note('Und {{ total | minus: rows.size }} weitere.')),
    note('Zeiten gelten in der Zone {{ timeZone }}.'),
  ],
  footer,
};
