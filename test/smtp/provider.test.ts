import { describe, expect, it } from 'vitest';
import { isReason, reasons } from '../../src/api/reasons.ts';
import { type Provider, providerRemedy } from '../../src/smtp/provider.ts';

const providers: readonly Provider[] = ['Microsoft365', 'Google', 'AmazonSes', 'Exchange', 'Postfix', 'Exim'];

describe.each(providers)('the remedies of %s', (provider) => {
  const remedies = Object.keys(reasons)
    .filter(isReason)
    .flatMap((reason) => providerRemedy(provider, reason) ?? []);

  it('are sentences that fit into a message beside its cause', () => {
    expect(remedies.length).toBeGreaterThan(2);
    for (const remedy of remedies) {
      expect(remedy).toMatch(/^[A-Z].*\.$/s);
      expect(Buffer.byteLength(remedy)).toBeLessThan(600);
    }
  });

  it('differ from what is said of any server', () => {
    const general = Object.values(reasons).map(({ remedy }): string => remedy);
    expect(remedies.filter((remedy) => general.includes(remedy))).toEqual([]);
  });
});

describe('a provider asks for', () => {
  it.each([
    [
      'Microsoft365',
      'BasicAuthenticationDisabled',
      /SMTP\.SendAsApp.*Set-CASMailbox .*-SmtpClientAuthenticationDisabled \$false/,
    ],
    ['Microsoft365', 'SenderRejected', /Add-RecipientPermission/],
    ['Google', 'AuthenticationFailed', /app password/],
    ['Google', 'RelayDenied', /SMTP relay service/],
    ['AmazonSes', 'AuthenticationFailed', /not the access key of IAM.*one region/],
    ['AmazonSes', 'SenderRejected', /Verify the sender.*sandbox/],
    ['Exchange', 'RelayDenied', /receive connector.*"NT AUTHORITY\\ANONYMOUS LOGON"/],
    ['Postfix', 'RelayDenied', /mynetworks/],
  ] as const)('%s, after %s', (provider, reason, words) => {
    expect(providerRemedy(provider, reason)).toMatch(words);
  });
});
