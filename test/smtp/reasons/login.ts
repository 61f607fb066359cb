import { expect } from 'vitest';
import type { TokenRequest } from '../../../src/smtp/oauth/token-request.ts';
import { served } from '../certificates.ts';
import { mailScript } from '../mail-script.ts';
import { type Asked, tokenSource } from '../probing.ts';
import type { ReasonCase, World } from './reason-case.ts';

const token: TokenRequest = {
  tokenUrl: 'https://login.example.com/token',
  scopes: [],
  grant: { kind: 'ClientCredentials', clientId: 'me', clientSecret: 'mine-7c1d' },
  from: 'Secret "oauth" key "client_secret"',
};

interface Wish {
  readonly offer?: string;
  readonly reply?: string;
  readonly asked?: Partial<Asked>;
}

/** A trusted server that answers AUTH like this. */
function answering({ offer = 'AUTH PLAIN LOGIN XOAUTH2', reply = '235 ok', asked = {} }: Wish) {
  return async ({ serve, certificates: { good, ca } }: World): Promise<Asked> => {
    const capabilities = offer === '' ? [] : [offer];
    const { port } = await serve(mailScript({ capabilities, tls: served(good), on: { AUTH: `${reply}\r\n` } }));
    return {
      port,
      auth: {},
      ...asked,
      tls: { mode: 'StartTls', trustedCertificates: [ca.certificatePem], ...asked.tls },
    };
  };
}

const secretKept: ReasonCase['also'] = (report) => {
  expect(JSON.stringify(report)).not.toMatch(/sesame|c2VzYW1l|mine-7c1d/);
};

export const loginCases: readonly ReasonCase[] = [
  ...(['TokenRequestFailed', 'TokenRejected'] as const).map(
    (reason): ReasonCase => ({
      name: `a token endpoint that ends in ${reason}`,
      reason,
      stage: 'Token',
      says: /login\.example\.com said no/,
      advises: /tokenUrl|clientId/,
      ask: answering({
        asked: {
          auth: { mechanism: 'XOAuth2', secret: { kind: 'oauth2', token } },
          deps: {
            tokens: tokenSource({ kind: 'failed', reason, what: 'login.example.com said no.', remedy: undefined }),
          },
        },
      }),
      also: secretKept,
    }),
  ),
  {
    name: 'a server without login',
    reason: 'AuthNotOffered',
    stage: 'Auth',
    says: /offers no login/,
    advises: /submission port \(587/,
    ask: answering({ offer: '' }),
  },
  {
    name: 'a server with other mechanisms only',
    reason: 'MechanismNotOffered',
    stage: 'Auth',
    says: /offers NTLM/,
    advises: /NTLM and GSSAPI are not supported/,
    ask: answering({ offer: 'AUTH NTLM' }),
  },
  {
    name: 'a wrong password, which the server echoes',
    reason: 'AuthenticationFailed',
    stage: 'Auth',
    says: /535 5\.7\.8 /,
    advises: /Correct the keys "username" and "password" of Secret "login"/,
    ask: answering({ reply: '535 5.7.8 bad password sesame-9f3b AHVzZXJAZXhhbXBsZS5jb20Ac2VzYW1lLTlmM2I=' }),
    also: (report) => {
      expect(report).toMatchObject({ replyCode: 535, enhancedCode: '5.7.8', mechanism: 'PLAIN' });
      expect(report.transcript).toContain('C: AUTH PLAIN <redacted>');
      secretKept(report);
    },
  },
  {
    name: 'a refused token, with the evidence that the challenge gives',
    reason: 'AuthenticationFailed',
    stage: 'Auth',
    says: /535.*status 400/,
    advises: /access token/,
    ask: async ({ serve, certificates: { good, ca } }) => {
      const challenge = Buffer.from('{"status":"400","schemes":"Bearer"}').toString('base64');
      const script = mailScript({
        capabilities: ['AUTH XOAUTH2'],
        tls: served(good),
        on: { AUTH: `334 ${challenge}\r\n`, '': '535 5.7.8 no\r\n' },
      });
      return {
        port: (await serve(script)).port,
        tls: { mode: 'StartTls', trustedCertificates: [ca.certificatePem] },
        auth: { mechanism: 'XOAuth2', secret: { kind: 'oauth2', token } },
        deps: { tokens: tokenSource({ kind: 'token', accessToken: 'bearer-5e1f' }) },
      };
    },
    also: (report) => expect(JSON.stringify(report)).not.toContain('bearer-5e1f'),
  },
  {
    name: 'a server that cannot check the login just now',
    reason: 'AuthenticationTemporaryFailure',
    stage: 'Auth',
    says: /454 4\.7\.0 backend/,
    advises: /authentication backend/,
    ask: answering({ reply: '454 4.7.0 backend unreachable' }),
  },
  {
    name: 'a server that wants encryption first',
    reason: 'AuthenticationRequiresEncryption',
    stage: 'Auth',
    says: /538 /,
    advises: /Set spec\.tls\.mode to StartTls or Implicit/,
    ask: answering({
      reply: '538 5.7.11 Encryption required',
      asked: { tls: { mode: 'None' }, auth: { allowUnencrypted: true } },
    }),
    also: (report) =>
      expect(report.warnings).toContainEqual(expect.objectContaining({ reason: 'CredentialsUnencrypted' })),
  },
  {
    name: 'a login that would go over a plain connection',
    reason: 'AuthenticationRequiresEncryption',
    stage: 'Auth',
    says: /is not encrypted \(spec\.tls\.mode None\), so the login of Secret "login" was not sent/,
    advises: /allowUnencrypted/,
    ask: answering({ asked: { tls: { mode: 'None' } } }),
    also: (report) => expect(report.transcript?.join()).not.toContain('AUTH PLAIN <'),
  },
  {
    name: 'a login that would go to a server that is not verified',
    reason: 'AuthenticationRequiresEncryption',
    stage: 'Auth',
    says: /is encrypted, but the server is not verified \(spec\.tls\.mode Opportunistic\)/,
    advises: /spec\.tls\.mode/,
    ask: answering({ asked: { tls: { mode: 'Opportunistic', trustedCertificates: [] } } }),
    also: (report) => expect(report.warnings).toContainEqual(expect.objectContaining({ reason: 'UnverifiedServer' })),
  },
  {
    name: 'a password that has expired',
    reason: 'CredentialsExpired',
    stage: 'Auth',
    says: /password has expired/,
    advises: /Set a new password at the provider and put it into Secret "login"/,
    ask: answering({ reply: '535 5.7.8 Your password has expired' }),
  },
  {
    name: 'a tenant without login by password',
    reason: 'BasicAuthenticationDisabled',
    stage: 'Auth',
    says: /5\.7\.139/,
    advises: /oauth2|SMTP AUTH/i,
    ask: answering({
      reply: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    }),
  },
  {
    name: 'a login that was refused before is not tried again',
    reason: 'AuthenticationFailed',
    stage: 'Auth',
    says: /was refused at 10:00/,
    advises: /not tried again until the spec or the Secret changes/,
    ask: answering({
      asked: { auth: { held: { reason: 'AuthenticationFailed', message: 'The login was refused at 10:00.' } } },
    }),
    also: (report) => expect(report.transcript?.join()).not.toContain('C: AUTH'),
  },
  {
    name: 'a server whose challenges never end',
    reason: 'ProtocolError',
    stage: 'Auth',
    says: /asked for more/,
    advises: /mail server/,
    ask: async ({ serve, certificates: { good, ca } }) => {
      const endless = () => '334 \r\n';
      const script = mailScript({
        capabilities: ['AUTH LOGIN'],
        tls: served(good),
        on: { AUTH: endless },
        otherwise: endless,
      });
      const tls = { mode: 'StartTls', trustedCertificates: [ca.certificatePem] } as const;
      return { port: (await serve(script)).port, auth: {}, tls };
    },
    also: secretKept,
  },
];
