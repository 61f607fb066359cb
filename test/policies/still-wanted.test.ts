import { expect, test } from 'vitest';
import type { OutboxEntry } from '../../src/mail/outbox/outbox.ts';
import { createStillWanted } from '../../src/policies/still-wanted.ts';

const end = Date.UTC(2026, 11, 1);
const anna = { namespace: 'mail', name: 'anna' };
const labels = { team: 'guests' };
const account = { kind: 'account', account: { ...anna, labels, passwordMark: 'mark', validTo: end } };
const relay = { metadata: { namespace: 'mail', name: 'corporate', labels: {} }, status: {} };

const credentials = { name: 'rule', password: 'Include' };
const reminder = { name: 'rule', subjects: { accounts: { expiry: 'AccountEnd' } } };
const ofOthers = { matchLabels: { team: 'others' } };
const confidential = { confidential: true, seen: 'mark' };
const about = (subject: object) => ({ identity: identity('Reminder', subject), seen: new Date(end).toISOString() });

type Case = readonly [string, object, Partial<OutboxEntry>, object, string];

test.each<Case>([
  ['a password whose rule still mails it is sent', { credentials: [credentials] }, confidential, {}, 'yes'],
  [
    'a password whose rule omits it by now is not sent',
    { credentials: [{ ...credentials, password: 'Omit' }] },
    confidential,
    {},
    'PasswordNotMailed',
  ],
  [
    'a password whose rule mails a link by now is not sent',
    { credentials: [{ ...credentials, password: 'Link' }] },
    confidential,
    {},
    'PasswordNotMailed',
  ],
  [
    'a mail without the password is sent all the same',
    { credentials: [{ ...credentials, password: 'Omit' }] },
    { seen: 'mark' },
    {},
    'yes',
  ],
  [
    'credentials of an account that the rule selects no more are not sent',
    { credentials: [{ ...credentials, selector: ofOthers }] },
    confidential,
    {},
    'NotSelected',
  ],
  [
    'a reminder of an account that the rule selects no more is not sent',
    { reminders: [{ ...reminder, subjects: { accounts: { expiry: 'AccountEnd', selector: ofOthers } } }] },
    about(anna),
    {},
    'NotSelected',
  ],
  [
    'a reminder of a namespace that is selected no more is not sent',
    { reminders: [{ ...reminder, namespaceSelector: { matchLabels: { a: 'b' } } }] },
    about(anna),
    {},
    'NotSelected',
  ],
  [
    'a reminder is sent while namespaces cannot be listed',
    { reminders: [{ ...reminder, namespaceSelector: {} }] },
    about(anna),
    { namespaces: () => [], whyNamespacesUnseen: () => 'RBAC does not allow it' },
    'yes',
  ],
  [
    'a reminder of a relay that exists is sent, though its certificate is not known just now',
    { reminders: [{ ...reminder, subjects: { relays: {} } }] },
    about({ namespace: 'mail', name: 'corporate' }),
    {},
    'yes',
  ],
  [
    'a reminder of a relay that is gone is not sent',
    { reminders: [{ ...reminder, subjects: { relays: {} } }] },
    about({ namespace: 'mail', name: 'gone' }),
    {},
    'SubjectGone',
  ],
])('%s', async (_, spec, entry, seen, expected) => {
  const store = {
    accountsComplete: () => true,
    whyUnseen: () => undefined,
    whyNamespacesUnseen: () => undefined,
    namespaces: () => [{ name: 'mail', labels: {}, annotations: {} }],
    ...seen,
  };
  const accounts = { get: () => account };
  const wanted = createStillWanted({ store, accounts, book: { all: () => [relay] }, specs: () => spec } as never);
  const found = await wanted({ identity: identity('Credentials', anna), confidential: false, ...entry } as never);
  expect(found.kind === 'no' ? found.reason : found.kind).toBe(expected);
});

function identity(ruleKind: string, subject: object): OutboxEntry['identity'] {
  return { policy: { namespace: 'mail', name: 'guests' }, ruleKind, rule: 'rule', subject } as never;
}
