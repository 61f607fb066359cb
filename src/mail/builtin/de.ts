// The built-in mails in German.
import { type Block, type Design, note, paragraph, steps, when } from './design.ts';
import { accountDetails, certificateDetails, type DetailLabels, name } from './details.ts';

const labels: DetailLabels = {
  username: 'Benutzername',
  password: 'Passwort',
  firstName: 'Vorname',
  lastName: 'Nachname',
  mobileNumber: 'Mobilnummer',
  notGiven: 'k. A.',
  validFrom: 'Gültig ab',
  validTo: 'Gültig bis',
  personBeingVisited: 'Besuchte Person',
  reasonForVisit: 'Grund des Besuchs',
  namespace: 'Namespace',
  secret: 'Secret',
  relay: 'Relay',
  endpoint: 'Server',
  certificateSubject: 'Ausgestellt für',
  dnsNames: 'Namen',
  issuer: 'Aussteller',
  expires: 'Läuft ab',
  name: 'Name',
};

const footer = 'Automatisch gesendet{% if senderName %} von {{ senderName }}{% endif %}.';
const helloAccount = 'Guten Tag {{ firstName | default: username }},';
const toAccount = 'recipientRole == "account"';
const toOthers = 'recipientRole != "account"';

export const credentials: Design = {
  language: 'de',
  subject: `{% if ${toOthers} %}{% if trigger == "PasswordReset" %}Neue Zugangsdaten{% else %}Zugangsdaten{% endif %} von ${name}{% elsif trigger == "PasswordReset" %}Ihre neuen Zugangsdaten{% else %}Ihre Zugangsdaten{% endif %}`,
  heading: `{% if ${toOthers} %}${name}{% elsif trigger == "PasswordReset" %}Ihr Passwort wurde geändert{% else %}Ihre Zugangsdaten{% endif %}`,
  blocks: [
    when(
      toAccount,
      paragraph(helloAccount),
      when(
        'trigger == "PasswordReset"',
        paragraph('Ihr Passwort wurde geändert. Das alte gilt nicht mehr; diese Daten gelten jetzt.'),
      ),
      when(
        'trigger != "PasswordReset"',
        paragraph('für Sie wurde ein Konto angelegt. Mit diesen Daten melden Sie sich an.'),
      ),
    ),
    when(
      toOthers,
      paragraph('Guten Tag,'),
      when(
        'trigger == "PasswordReset"',
        paragraph(`das Passwort von ${name} wurde geändert. Diese Daten gelten jetzt.`),
      ),
      when(
        'trigger != "PasswordReset"',
        paragraph(`für ${name} wurde ein Konto angelegt. Dies sind die Zugangsdaten.`),
      ),
    ),
    accountDetails(labels),
    when('passwordMode == "SeparateMail"', paragraph('Das Passwort folgt in einer zweiten Mail.')),
    when(
      'passwordMode == "Omit"',
      paragraph('Das Passwort wird nicht per Mail versandt, sondern auf anderem Weg übergeben.'),
    ),
    when(
      'passwordMode == "Link" and oneTimeLink',
      paragraph(
        'Das Passwort steht hinter diesem Link. Er lässt sich nur einmal öffnen; halten Sie einen sicheren Ort für das Passwort bereit.',
      ),
      {
        kind: 'button',
        label: 'Passwort anzeigen',
        url: 'oneTimeLink',
        fallback: 'Falls die Schaltfläche nicht geht, kopieren Sie diese Adresse in Ihren Browser:',
      },
    ),
    when(
      `trigger == "PasswordReset" and ${toAccount}`,
      steps(
        'Melden Sie sich überall, wo Sie das alte Passwort benutzt haben, mit dem neuen an.',
        'Werden Sie nach einem eigenen Passwort gefragt, wählen Sie es gleich, und verwenden Sie es nirgends sonst.',
        'Hat niemand, den Sie kennen, um diese Änderung gebeten, sagen Sie es sofort Ihrem Administrator oder Gastgeber.',
      ),
    ),
    when(
      `passwordMode == "Include" and ${toAccount}`,
      note('Zeigen Sie diese Mail niemandem, und löschen Sie sie, sobald das Passwort sicher verwahrt ist.'),
    ),
    when(
      toOthers,
      when('accountTold', note('Dieselben Daten gingen an {{ email }}.')),
      when(
        'accountTold == false',
        note(`An ${name} ging keine Mail; bitte geben Sie die Daten auf sicherem Weg weiter.`),
      ),
    ),
  ],
  footer,
};

export const password: Design = {
  language: 'de',
  subject: `{% if ${toOthers} %}Zweiter Teil der Zugangsdaten von ${name}{% else %}Zweiter Teil Ihrer Zugangsdaten{% endif %}`,
  heading: `{% if ${toOthers} %}Das Passwort von ${name}{% else %}Ihr Passwort{% endif %}`,
  blocks: [
    when(toAccount, paragraph(helloAccount)),
    when(toOthers, paragraph('Guten Tag,')),
    paragraph('dieses Passwort gehört zum Benutzernamen in der Mail, die kurz davor versandt wurde.'),
    { kind: 'details', rows: [{ label: labels.password, value: 'password', code: true }] },
    note('Zeigen Sie diese Mail niemandem, und löschen Sie sie, sobald das Passwort sicher verwahrt ist.'),
  ],
  footer,
};

/** `endet in 7 Tagen`, `endet heute`, `ist beendet`. */
function whenItEnds(ends: string, ended: string, particle = ''): string {
  return `{% if ended %}${ended}{% elsif daysLeft == 0 %}${ends} heute${particle}{% elsif daysLeft == 1 %}${ends} morgen${particle}{% else %}${ends} in {{ daysLeft }} Tagen${particle}{% endif %}`;
}

const expires = whenItEnds('läuft', 'ist abgelaufen', ' ab');
const object = '{{ subjectNamespace }}/{{ subjectName }}';
const reminderSubject = `{% case subjectKind %}{% when "AccountEnd" %}{% if ${toAccount} %}Ihr Konto{% else %}Konto {{ username }}{% endif %} ${whenItEnds('endet', 'ist beendet')}{% when "PasswordEnd" %}{% if ${toAccount} %}Ihr Passwort{% else %}Das Passwort von {{ username }}{% endif %} ${expires}{% when "Certificate" %}Zertifikat ${object} ${expires}{% when "RelayCertificate" %}Das Zertifikat des Mail-Relays ${object} ${expires}{% else %}{{ resourceKind }} ${object} ${expires}{% endcase %}`;

export const reminder: Design = {
  language: 'de',
  subject: reminderSubject,
  heading: reminderSubject,
  blocks: [
    when('subjectKind == "AccountEnd"', ...accountEnd()),
    when('subjectKind == "PasswordEnd"', ...passwordEnd()),
    ...certificateDetails(labels),
    ...otherAdvice(),
  ],
  footer,
};

function accountEnd(): Block[] {
  return [
    when(toAccount, paragraph(helloAccount)),
    when('ended == false', paragraph('an diesem Tag endet das Konto:')),
    when('ended', paragraph('an diesem Tag endete das Konto:')),
    {
      kind: 'details',
      rows: [
        { label: labels.username, value: 'username', code: true },
        { label: labels.validTo, value: 'expiresAt' },
      ],
    },
    when(
      'ended == false and accountKind == "guest"',
      paragraph(
        'Sichern Sie vorher, was Sie noch brauchen. Bleiben Sie länger, lassen Sie das Konto von Ihrem Gastgeber{% if sponsorEmail %} ({{ sponsorEmail }}){% endif %} verlängern; Benutzername und Passwort bleiben dann gleich.',
      ),
    ),
    when(
      'ended == false and accountKind != "guest"',
      paragraph(
        'Übergeben Sie vorher, was andere brauchen. Soll das Konto länger bestehen, bitten Sie einen Administrator, es zu verlängern.',
      ),
    ),
    when(
      'ended and accountKind == "guest"',
      paragraph(
        'Anmelden ist nicht mehr möglich. Wird der Zugang noch gebraucht, bitten Sie Ihren Gastgeber{% if sponsorEmail %} ({{ sponsorEmail }}){% endif %} um ein neues Konto.',
      ),
    ),
    when(
      'ended and accountKind != "guest"',
      paragraph(
        'Anmelden ist nicht mehr möglich. Wird der Zugang noch gebraucht, bitten Sie einen Administrator, das Konto zu verlängern.',
      ),
    ),
  ];
}

function passwordEnd(): Block[] {
  return [
    when(toAccount, paragraph(helloAccount)),
    when('ended == false', paragraph('an diesem Tag läuft das Passwort ab:')),
    when('ended', paragraph('an diesem Tag lief das Passwort ab:')),
    {
      kind: 'details',
      rows: [
        { label: labels.username, value: 'username', code: true },
        { label: labels.expires, value: 'expiresAt' },
      ],
    },
    when(
      'ended == false',
      steps(
        'Ändern Sie das Passwort vorher; danach ist Anmelden nicht mehr möglich.',
        'Nehmen Sie ein neues, das Sie nirgends sonst verwenden.',
        'Tragen Sie es überall ein, wo das alte gespeichert ist: Telefon, Mailprogramm, Netzwerk.',
      ),
      when(
        'accountKind == "admin"',
        paragraph(
          'Dies ist ein Administratorkonto: Ändern Sie auch Skripte, Sicherungen und Dienste, die sich damit anmelden, und sorgen Sie dafür, dass ein zweiter Administrator hineinkommt.',
        ),
      ),
    ),
    when(
      'ended',
      when(
        'accountKind == "admin"',
        paragraph('Bitten Sie einen anderen Administrator, ein neues Passwort zu setzen.'),
      ),
      when(
        'accountKind != "admin"',
        paragraph('Bitten Sie einen Administrator, ein neues Passwort zu setzen; Sie erfahren, wenn es so weit ist.'),
      ),
    ),
  ];
}

function otherAdvice(): Block[] {
  return [
    when(
      'subjectKind == "Certificate"',
      paragraph(
        'Erneuern Sie das Zertifikat, und legen Sie es mit seinem Schlüssel in dieses Secret. Hätte cert-manager es schon erneuern sollen, sehen Sie das Certificate an, das dieses Secret nennt: kubectl describe certificate -n {{ subjectNamespace }}',
      ),
    ),
    when(
      'subjectKind == "RelayCertificate"',
      paragraph(
        'Wer diesen Mailserver betreibt, muss sein Zertifikat erneuern. Ist es abgelaufen, geht über dieses Relay keine Mail mehr hinaus.',
      ),
    ),
    when(
      'subjectKind == "Resource"',
      paragraph('Erneuern Sie es vorher, oder löschen Sie es, wenn niemand es mehr braucht.'),
    ),
  ];
}

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
