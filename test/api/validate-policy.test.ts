import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../src/api/validate-policy.ts';
import { policy, policyCases } from './policy-cases.ts';

describe('parsePolicy', () => {
  test.each(policyCases)('$title', ({ manifest, says }) => {
    const parsed = parsePolicy(manifest);
    const said = parsed.kind === 'valid' ? [] : parsed.violations;
    expect(said.map(({ fieldPath, message }) => `${fieldPath}: ${message}`).sort()).toEqual([...says].sort());
  });

  test('fills in the defaults', () => {
    const subjects = { accounts: { expiry: 'PasswordEnd' } };
    const parsed = parsePolicy(
      policy({
        relayRef: { name: 'corporate' },
        credentials: [{ name: 'guest', selector: {}, password: 'Omit' }],
        reminders: [{ name: 'password', subjects, schedule: '0 8 * * *' }],
      }),
      'mail',
    );
    const notify = { account: true, sponsor: false };
    expect(parsed).toEqual({
      kind: 'valid',
      policy: {
        apiVersion: 'relaykeeper.dev/v1alpha1',
        kind: 'NotificationPolicy',
        metadata: { name: 'guests', namespace: 'mail' },
        spec: {
          relayRef: { name: 'corporate' },
          mode: 'Active',
          suspend: false,
          maxPerRun: 500,
          deliverWithin: { alarms: '4h', credentials: '24h' },
          credentials: [
            {
              name: 'guest',
              selector: {},
              password: 'Omit',
              triggers: ['AccountCreated', 'PasswordReset'],
              backfill: false,
              notify,
            },
          ],
          reminders: [
            {
              name: 'password',
              subjects,
              schedule: '0 8 * * *',
              timeZone: 'Etc/UTC',
              daysBefore: [14, 7, 1],
              afterExpiry: false,
              digest: false,
              notify,
            },
          ],
        },
      },
    });
  });

  test('looks for unknown fields in lists that should not be there too, as the server does', () => {
    const credentials = [{ name: 'a', selector: { matchLabels: { site: [{ key: 'b' }] } }, password: 'Omit' }];
    const parsed = parsePolicy(policy({ relayRef: { name: 'a' }, credentials }));
    const site = 'spec.credentials[0].selector.matchLabels.site';
    expect(parsed.kind === 'invalid' && parsed.violations.map(({ fieldPath }) => fieldPath)).toEqual([
      `${site}[0].key`,
      site,
    ]);
  });

  test('calls a policy a policy', () => {
    const parsed = parsePolicy(policy({ relayRef: { name: 'a' } }, { metadata: { generateName: 'a-' } }));
    expect(parsed.kind === 'invalid' && parsed.violations.map(({ message }) => message)).toEqual([
      'Required value: a policy in a file needs a name of its own; generateName is only for kubectl create',
    ]);
  });

  test('never throws, and never takes what is no policy, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parsePolicy(value).kind).toBe('invalid');
        expect(parsePolicy(policy(value)).kind).toBe('invalid');
        parsePolicy(policy({ relayRef: { name: 'a' }, reminders: value, credentials: value }));
      }),
    );
  });
});
