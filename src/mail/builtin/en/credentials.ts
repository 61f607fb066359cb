// The built-in mails with log-in details, in English.
import { type Design, note, paragraph, steps, when } from '../design.ts';
import { accountDetails, name } from '../details.ts';
import { footer, helloAccount, labels, toAccount, toOthers } from './words.ts';

export const credentials: Design = {
  language: 'en',
  subject: `{% if ${toOthers} %}{% if trigger == "PasswordReset" %}New log-in details{% else %}Log-in details{% endif %} of ${name}{% elsif trigger == "PasswordReset" %}Your new log-in details{% else %}Your log-in details{% endif %}`,
  heading: `{% if ${toOthers} %}${name}{% elsif trigger == "PasswordReset" %}Your password was changed{% else %}Your log-in details{% endif %}`,
  blocks: [
    when(
      toAccount,
      paragraph(helloAccount),
      when(
        'trigger == "PasswordReset"',
        paragraph('Your password was changed. The old one no longer works; these are the details that do.'),
      ),
      when(
        'trigger != "PasswordReset"',
        paragraph('An account was created for you. With these details you can log in.'),
      ),
    ),
    when(
      toOthers,
      paragraph('Hello,'),
      when(
        'trigger == "PasswordReset"',
        paragraph(`The password of ${name} was changed. These are the details that work now.`),
      ),
      when(
        'trigger != "PasswordReset"',
        paragraph(`An account was created for ${name}. These are the log-in details.`),
      ),
    ),
    accountDetails(labels),
    when('passwordMode == "SeparateMail"', paragraph('The password comes in a mail of its own.')),
    when(
      'passwordMode == "Omit"',
      paragraph('The password is not sent by mail; it reaches its holder in another way.'),
    ),
    when(
      'passwordMode == "Link" and oneTimeLink',
      paragraph('The password is behind this link. It opens once, so have somewhere safe to keep the password.'),
      {
        kind: 'button',
        label: 'Show the password',
        url: 'oneTimeLink',
        fallback: 'If the button does not work, copy this address into your browser:',
      },
    ),
    when(
      `trigger == "PasswordReset" and ${toAccount}`,
      steps(
        'Log in with the new password wherever you used the old one.',
        'If you are asked to choose a password of your own, do so at once, and use it nowhere else.',
        'If nobody you know of asked for this change, tell your administrator or your sponsor now.',
      ),
    ),
    when(
      `passwordMode == "Include" and ${toAccount}`,
      note('Keep this mail to yourself, and delete it once you have stored the password safely.'),
    ),
    when(
      toOthers,
      when('accountTold', note('The same details were sent to {{ email }}.')),
      when('accountTold == false', note(`Nothing was sent to ${name}; please pass the details on safely.`)),
    ),
  ],
  footer,
};

export const password: Design = {
  language: 'en',
  subject: `{% if ${toOthers} %}Other part of the log-in details of ${name}{% else %}Other part of your log-in details{% endif %}`,
  heading: `{% if ${toOthers} %}The password of ${name}{% else %}Your password{% endif %}`,
  blocks: [
    when(toAccount, paragraph(helloAccount)),
    when(toOthers, paragraph('Hello,')),
    paragraph('This password belongs to the user name that another mail gives you.'),
    { kind: 'details', rows: [{ label: labels.password, value: 'password', code: true }] },
    note('Keep this mail to yourself, and delete it once the password is stored safely.'),
  ],
  footer,
};
