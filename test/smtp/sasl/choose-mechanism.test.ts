import { describe, expect, it } from 'vitest';
import type { Mechanism } from '../../../src/api/smtp-relay.ts';
import type { TargetAuth } from '../../../src/smtp/relay-target.ts';
import { chooseMechanism } from '../../../src/smtp/sasl/choose-mechanism.ts';

function auth(mechanism: Mechanism, kind: 'password' | 'oauth2' = 'password'): TargetAuth {
  const grant = { kind: 'ClientCredentials', clientId: 'c', clientSecret: 's' } as const;
  const token = { tokenUrl: 'https://x', scopes: [], grant, from: 'Secret "oauth"' };
  const secret = kind === 'password' ? ({ kind, password: 'p' } as const) : ({ kind, token } as const);
  return { mechanism, username: 'u', secret, allowUnencrypted: false, from: 'Secret "login"', held: undefined };
}

describe('chooses', () => {
  it.each([
    ['PLAIN before LOGIN', ['LOGIN', 'PLAIN', 'CRAM-MD5'], auth('Auto'), 'PLAIN'],
    ['LOGIN where there is no PLAIN', ['NTLM', 'LOGIN'], auth('Auto'), 'LOGIN'],
    ['what is named', ['PLAIN', 'LOGIN', 'CRAM-MD5'], auth('CramMd5'), 'CRAM-MD5'],
    ['LOGIN where it is named', ['PLAIN', 'LOGIN'], auth('Login'), 'LOGIN'],
    ['XOAUTH2 with a token', ['PLAIN', 'LOGIN', 'XOAUTH2'], auth('Auto', 'oauth2'), 'XOAUTH2'],
  ] as const)('%s', (_name, offered, wanted, mechanism) => {
    expect(chooseMechanism({ offered, auth: wanted })).toEqual({ kind: 'chosen', mechanism });
  });
});

describe('chooses none', () => {
  it.each([
    ['no mechanism at all', [], auth('Auto'), 'AuthNotOffered', /no login/, /587/],
    [
      'CRAM-MD5 alone, which Auto does not take',
      ['CRAM-MD5'],
      auth('Auto'),
      'MechanismNotOffered',
      /offers CRAM-MD5; a login by user name and password needs PLAIN or LOGIN\./,
      /CramMd5/,
    ],
    [
      'NTLM and GSSAPI alone',
      ['NTLM', 'GSSAPI'],
      auth('Auto'),
      'MechanismNotOffered',
      /offers NTLM and GSSAPI/,
      /NTLM and GSSAPI are not supported/,
    ],
    [
      'another mechanism than the named one',
      ['PLAIN', 'LOGIN'],
      auth('CramMd5'),
      'MechanismNotOffered',
      /spec\.auth\.mechanism CramMd5 needs CRAM-MD5/,
      /to Auto/,
    ],
    ['XOAUTH2 alone for a password', ['XOAUTH2'], auth('Auto'), 'MechanismNotOffered', /XOAUTH2/, /spec\.auth\.oauth2/],
    [
      'no XOAUTH2 for a token',
      ['PLAIN'],
      auth('XOAuth2', 'oauth2'),
      'MechanismNotOffered',
      /spec\.auth\.oauth2 needs XOAUTH2/,
      /secretRef/,
    ],
    [
      'only OAUTHBEARER for a token',
      ['OAUTHBEARER'],
      auth('Auto', 'oauth2'),
      'MechanismNotOffered',
      /OAUTHBEARER/,
      /XOAUTH2 on/,
    ],
    [
      'SCRAM alone',
      ['SCRAM-SHA-256'],
      auth('Auto'),
      'MechanismNotOffered',
      /SCRAM-SHA-256/,
      /is not supported: let the server offer PLAIN or LOGIN/,
    ],
  ] as const)('where the server offers %s', (_name, offered, wanted, reason, what, remedy) => {
    expect(chooseMechanism({ offered, auth: wanted })).toEqual({
      kind: 'none',
      reason,
      what: expect.stringMatching(what),
      remedy: expect.stringMatching(remedy),
    });
  });
});
