// The built-in digest of reminders, in English.
import { type Design, note, paragraph, when } from '../design.ts';
import { footer } from './words.ts';

export const digest: Design = {
  language: 'en',
  subject:
    '{{ total }} {% if total == 1 %}item ends soon or has ended{% else %}items end soon or have ended{% endif %} ({{ ruleName }})',
  heading:
    '{{ total }} {% if total == 1 %}item ends soon or has ended{% else %}items end soon or have ended{% endif %}',
  blocks: [
    paragraph('These are due by rule {{ ruleName }} of policy {{ policyName }}.'),
    {
      kind: 'table',
      list: 'rows',
      columns: [
        {
          heading: 'What',
          value:
            '{% case row.subjectKind %}{% when "AccountEnd" %}Account{% when "PasswordEnd" %}Password{% when "Certificate" %}Certificate{% when "RelayCertificate" %}Relay certificate{% else %}Resource{% endcase %} {{ row.description | default: row.name | truncate: 120 }}',
          below: '{{ row.namespace }}/{{ row.name }}',
        },
        {
          heading: 'Ends',
          value: '{{ row.expiresAt | date: "%e %b %Y" }}',
          below: '{{ row.expiresAt | date: "%H:%M" }}',
          short: true,
        },
        {
          heading: 'Days left',
          value: '{% if row.ended %}ended{% else %}{{ row.daysLeft }}{% endif %}',
          numeric: true,
        },
      ],
    },
    when('total > rows.size', note('And {{ total | minus: rows.size }} more.')),
    note('Times are in the zone {{ timeZone }}.'),
  ],
  footer,
};
