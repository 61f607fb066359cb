import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/api/account.ts';
import type { CredentialsRule } from '../../src/api/notification-policy.ts';
import { type CredentialsFacts, type CredentialsPlan, decideCredentials } from '../../src/credentials/decide.ts';
import { isSameHold, reviewCredentials } from '../../src/credentials/held-run.ts';

const policy = { namespace: 'mail', name: 'guests' };
const created = Date.UTC(2026, 10, 24, 10);
const before = created - 60_000;
const after = created + 60_000;

const rule: CredentialsRule = {
  name: 'guest',
  selector: { matchLabels: { kind: 'guest' } },
  triggers: ['AccountCreated', 'PasswordReset'],
  backfill: false,
  notify: { account: true, sponsor: false },
  password: 'Include',
};

const anna: Account = {
  namespace: 'mail',
  name: 'anna',
  labels: { kind: 'guest' },
  resourceVersion: '1',
  createdAt: created,
  username: 'anna',
  email: 'anna@Example.com',
  firstName: undefined,
  lastName: undefined,
  mobileNumber: undefined,
  validFrom: undefined,
  validTo: undefined,
  passwordExpiresAt: undefined,
  sponsorEmail: undefined,
  personBeingVisited: undefined,
  reasonForVisit: undefined,
  locale: undefined,
  timeZone: undefined,
  oneTimeLink: undefined,
  passwordMark: 'mark-1',
};

type Step = Partial<Omit<CredentialsFacts, 'rule'>> & { readonly rule?: Partial<CredentialsRule> };

/** What each step mails, over one ledger: `trigger recipient part`, `recorded` or what is wrong. */
function story(...steps: readonly Step[]): string[][] {
  const ledger = new Set<string>();
  return steps.map(({ rule: changes, ...facts }) => {
    const plan = decideCredentials({
      policy,
      since: before,
      accounts: [anna],
      sent: (id) => ledger.has(id),
      ...facts,
      rule: { ...rule, ...changes },
    });
    carryOut(plan, ledger);
    return plan.accounts.flatMap((one) => {
      if (one.kind === 'record') return [`${one.account.name} recorded`];
      if (one.kind === 'invalid') return [one.problem];
      const { mails, trigger } = one;
      return [...mails.map(({ identity }) => `${trigger} ${identity.recipient} ${identity.part}`), ...one.warnings];
    });
  });
}

function carryOut({ accounts }: CredentialsPlan, ledger: Set<string>): void {
  for (const one of accounts) {
    if (one.kind === 'invalid') continue;
    if (one.kind === 'mail') for (const { id } of one.mails) ledger.add(id);
    for (const { id } of one.record) ledger.add(id);
  }
}

const createdMail = 'AccountCreated anna@example.com Main';
const resetMail = 'PasswordReset anna@example.com Main';
const reset = { accounts: [{ ...anna, passwordMark: 'mark-2' }] };
const anew = { ...anna, passwordMark: 'mark-2', createdAt: created + 3_600_000 };
const restored = { ...anna, createdAt: created + 86_400_000 };
const sponsored = { ...anna, sponsorEmail: 'boss@example.com' };

describe('decideCredentials', () => {
  test.each<readonly [string, readonly Step[], readonly (readonly string[])[]]>([
    ['a new account is mailed, once', [{}, {}], [[createdMail], []]],
    [
      'an account changed in all but its password',
      [{}, { accounts: [{ ...anna, email: 'a@b.example' }] }],
      [[createdMail], []],
    ],
    ['a changed password is mailed, once', [{}, reset, reset], [[createdMail], [resetMail], []]],
    ['a password that was mailed before is not mailed again', [{}, reset, {}], [[createdMail], [resetMail], []]],
    [
      'an account deleted and created anew with another password is a new one',
      [{}, { accounts: [anew] }, { accounts: [anew] }, { accounts: [{ ...anew, passwordMark: 'mark-3' }] }],
      [[createdMail], [createdMail], [], [resetMail]],
    ],
    [
      'an account that a restore brought back, its password the same, is recorded, and its next password is a reset',
      [{}, { accounts: [restored] }, { accounts: [restored] }, { accounts: [{ ...restored, passwordMark: 'mark-2' }] }],
      [[createdMail], ['anna recorded'], [], [resetMail]],
    ],
    ['an account created with the rule, within the same second', [{ since: created + 999 }], [[createdMail]]],
    ['an account older than the rule is recorded', [{ since: after }, {}], [['anna recorded'], []]],
    [
      'and its next password is mailed',
      [{ since: after }, { ...reset, since: after }],
      [['anna recorded'], [resetMail]],
    ],
    ['with backfill it is mailed', [{ since: after, rule: { backfill: true } }, {}], [[createdMail], []]],
    [
      'backfill switched on later mails nothing that was recorded',
      [{ since: after }, { since: after, rule: { backfill: true } }],
      [['anna recorded'], []],
    ],
    [
      'a rule for resets records new accounts, and mails their next password',
      [{ rule: { triggers: ['PasswordReset'] } }, { ...reset, rule: { triggers: ['PasswordReset'] } }],
      [['anna recorded'], [resetMail]],
    ],
    [
      'a rule for new accounts records resets',
      [{ rule: { triggers: ['AccountCreated'] } }, { ...reset, rule: { triggers: ['AccountCreated'] } }, reset],
      [[createdMail], ['anna recorded'], []],
    ],
    [
      'an old account whose password changed unseen is recorded: nothing tells it from one that did not',
      [{ ...reset, since: after }],
      [['anna recorded']],
    ],
    [
      'an address added to the rule is told of the next password only',
      [
        {},
        { rule: { notify: { account: true, sponsor: false, addresses: ['it@example.com'] } } },
        { ...reset, rule: { notify: { account: true, sponsor: false, addresses: ['it@example.com'] } } },
      ],
      [[createdMail], [], [resetMail, 'PasswordReset it@example.com Main']],
    ],
    ['a rule renamed is another rule', [{}, { rule: { name: 'visitor' } }], [[createdMail], [createdMail]]],
    [
      'another policy is another policy',
      [{}, { policy: { ...policy, name: 'others' } }],
      [[createdMail], [createdMail]],
    ],
    ['an account that is not selected', [{ accounts: [{ ...anna, labels: {} }] }], [[]]],
    [
      'an account of another namespace: credentials never cross',
      [{ accounts: [{ ...anna, namespace: 'other' }] }],
      [[]],
    ],
    ['an account that comes to be selected later', [{ accounts: [{ ...anna, labels: {} }] }, {}], [[], [createdMail]]],
    [
      'SeparateMail is two mails',
      [{ rule: { password: 'SeparateMail' } }],
      [[createdMail, 'AccountCreated anna@example.com Password']],
    ],
    [
      'the sponsor is told too',
      [{ accounts: [sponsored], rule: { notify: { account: true, sponsor: true } } }],
      [[createdMail, 'AccountCreated boss@example.com Main']],
    ],
    [
      'a sponsor who is asked for and missing is a warning, and the account is told',
      [{ rule: { notify: { account: true, sponsor: true } } }, { rule: { notify: { account: true, sponsor: true } } }],
      [[createdMail, 'Account "anna": it has no sponsorEmail, though rule "guest" tells the sponsor'], []],
    ],
    [
      'with nobody else to tell it is an account that cannot be used, until it has a sponsor',
      [
        { rule: { notify: { account: false, sponsor: true } } },
        { accounts: [sponsored], rule: { notify: { account: false, sponsor: true } } },
      ],
      [
        ['Account "anna" leaves nobody to tell: it has no sponsorEmail, though rule "guest" tells the sponsor'],
        ['AccountCreated boss@example.com Main'],
      ],
    ],
    [
      'an address that no server takes',
      [{ accounts: [{ ...anna, email: 'a..b@example.com' }] }],
      [[expect.stringMatching(/^Account "anna" leaves nobody to tell: email: /)]],
    ],
    [
      'one address in two roles is told once',
      [
        {
          accounts: [{ ...sponsored, sponsorEmail: 'anna@EXAMPLE.com' }],
          rule: { notify: { account: true, sponsor: true } },
        },
      ],
      [[createdMail]],
    ],
    [
      'a link that is missing is waited for',
      [
        { rule: { password: 'Link' } },
        { accounts: [{ ...anna, oneTimeLink: 'https://a.example/x' }], rule: { password: 'Link' } },
      ],
      [['Account "anna" has no oneTimeLink, which rule "guest" mails (password: Link)'], [createdMail]],
    ],
    [
      'two accounts are two mails',
      [{ accounts: [anna, { ...anna, name: 'bo', email: 'bo@example.com' }] }],
      [[createdMail, 'AccountCreated bo@example.com Main']],
    ],
  ])('%s', (_, steps, mails) => {
    expect(story(...steps)).toEqual(mails);
  });

  test('marks what holds the password, and what the second look compares', () => {
    const marked = (password: CredentialsRule['password']) =>
      decideCredentials({ policy, rule: { ...rule, password }, since: before, accounts: [anna], sent: () => false })
        .accounts.flatMap((one) => (one.kind === 'mail' ? one.mails : []))
        .map(({ confidential, seen, role }) => ({ confidential, seen, role }));
    const mail = { seen: 'mark-1', role: 'Account' };
    expect(marked('Include')).toEqual([{ ...mail, confidential: true }]);
    expect(marked('Omit')).toEqual([{ ...mail, confidential: false }]);
    expect(marked('SeparateMail')).toEqual([
      { ...mail, confidential: false },
      { ...mail, confidential: true },
    ]);
  });

  describe('more mails than a run may send', () => {
    const planOf = (...numbers: readonly number[]) => {
      const accounts = numbers.map((n) => ({ ...anna, name: `anna-${n}`, createdAt: anna.createdAt + n }));
      return decideCredentials({ policy, rule, since: before, accounts, sent: () => false });
    };
    const review = (plan: ReturnType<typeof planOf>, released?: string, held?: string) =>
      reviewCredentials(plan, { maxPerRun: 2, released, before: held });
    const names = (found: ReturnType<typeof review>) =>
      found.kind === 'released' ? found.plan.accounts.map(({ account }) => account.name) : [];
    const first = review(planOf(1, 2, 3));
    const run = first.kind === 'held' ? first.run : '';

    test('are held, until what was read is released', () => {
      expect(first).toEqual({ kind: 'held', count: 3, run: expect.stringMatching(/^credentials-[0-9a-f]{12}-3$/) });
      expect(names(review(planOf(1, 2, 3), run, run))).toHaveLength(3);
      expect(names(review(planOf(1, 2, 3), run))).toHaveLength(3);
      expect(review(planOf(1, 2))).toEqual({ kind: 'free' });
    });

    test('keep the name of what is held while others come, which are released with it as far as they need no review', () => {
      const more = review(planOf(0, 1, 2, 3, 4), undefined, run);
      expect(more).toEqual({ kind: 'held', count: 5, run: run.replace(/3$/, '5') });
      const now = more.kind === 'held' ? more.run : '';
      expect(isSameHold(run, now)).toBe(true);
      expect(names(review(planOf(0, 1, 2, 3, 4), run, now))).toHaveLength(5);
      expect(names(review(planOf(6, 5, 4, 3, 2, 1), run, now))).toEqual(['anna-1', 'anna-2', 'anna-3']);
    });

    test.each(['credentials-000000000000-3', 'credentials-3', '2026-11-24T08:00:00Z', ''])(
      'are not released by %j, which is no run that is held',
      (released) => {
        expect(review(planOf(1, 2, 3), released, run)).toEqual({ kind: 'held', count: 3, run });
      },
    );

    test('are not released by the name of an earlier hold', () => {
      expect(review(planOf(7, 8, 9), run)).toMatchObject({ kind: 'held', count: 3 });
    });
  });

  test('a crash anywhere mails the same again, and never anything else', () => {
    const notify = { account: true, sponsor: true, addresses: ['it@example.com'] };
    const facts = { policy, rule: { ...rule, password: 'SeparateMail' as const, notify }, since: before };
    const ids = (sent: ReadonlySet<string>, account: Account) =>
      decideCredentials({ ...facts, accounts: [account], sent: (id) => sent.has(id) }).accounts.flatMap((one) =>
        one.kind === 'mail' ? one.mails.map(({ id }) => id) : [],
      );
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3, 4, 5]), (accepted) => {
        const all = ids(new Set(), sponsored);
        expect(all).toHaveLength(6);
        const done = new Set(accepted.map((index) => all[index] ?? ''));
        expect(ids(done, sponsored)).toEqual(all.filter((id) => !done.has(id)));
      }),
    );
  });

  test('each password is mailed to each recipient once at most, whatever happens in whatever order', () => {
    const event = fc.record({
      passwordMark: fc.constantFrom('mark-1', 'mark-2', 'mark-3'),
      backfill: fc.boolean(),
      since: fc.constantFrom(before, after),
      triggers: fc.subarray(['AccountCreated', 'PasswordReset'] as const, { minLength: 1 }),
      labels: fc.constantFrom<Record<string, string>>({ kind: 'guest' }, {}),
      crash: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event), (events) => {
        const ledger = new Set<string>();
        const mailed: string[] = [];
        for (const { passwordMark, labels, since, crash, ...changes } of events) {
          const accounts = [{ ...anna, labels, passwordMark }];
          const sent = (id: string) => ledger.has(id);
          const plan = decideCredentials({ policy, rule: { ...rule, ...changes }, since, accounts, sent });
          for (const one of plan.accounts) {
            if (one.kind !== 'mail') continue;
            for (const { id } of one.mails) {
              mailed.push(id);
              ledger.add(id);
            }
          }
          if (!crash) carryOut(plan, ledger);
        }
        expect(new Set(mailed).size).toBe(mailed.length);
      }),
    );
  });
});
