// The built-in reminder, in German.
import { type Block, type Design, paragraph, steps, when } from '../design.ts';
import { certificateDetails } from '../details.ts';
import { footer, helloAccount, labels, toAccount } from './words.ts';

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
