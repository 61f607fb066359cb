// The built-in mails with log-in details, in German.
import { type Design, note, paragraph, steps, when } from '../design.ts';
import { accountDetails, name } from '../details.ts';
import { footer, helloAccount, labels, toAccount, toOthers } from './words.ts';

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
    when('passwordMode == "SeparateMail"', paragraph('Das Passwort kommt in einer eigenen Mail.')),
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
  subject: `{% if ${toOthers} %}Anderer Teil der Zugangsdaten von ${name}{% else %}Anderer Teil Ihrer Zugangsdaten{% endif %}`,
  heading: `{% if ${toOthers} %}Das Passwort von ${name}{% else %}Ihr Passwort{% endif %}`,
  blocks: [
    when(toAccount, paragraph(helloAccount)),
    when(toOthers, paragraph('Guten Tag,')),
    paragraph('dieses Passwort gehört zu dem Benutzernamen, den eine andere Mail nennt.'),
    { kind: 'details', rows: [{ label: labels.password, value: 'password', code: true }] },
    note('Zeigen Sie diese Mail niemandem, und löschen Sie sie, sobald das Passwort sicher verwahrt ist.'),
  ],
  footer,
};
