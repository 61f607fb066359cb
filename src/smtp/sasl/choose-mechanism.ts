// Which SASL mechanism to log in with, by what the server offers and what the relay's spec allows (RFC 4954 section 3).
import type { Mechanism } from '../../api/smtp-relay.ts';
import type { TargetAuth } from '../relay-target.ts';

export type SaslMechanism = 'PLAIN' | 'LOGIN' | 'CRAM-MD5' | 'XOAUTH2';

export type MechanismChoice =
  | { readonly kind: 'chosen'; readonly mechanism: SaslMechanism }
  | {
      readonly kind: 'none';
      readonly reason: 'AuthNotOffered' | 'MechanismNotOffered';
      readonly what: string;
      readonly remedy: string;
    };

/** `offered` are the mechanism names of the EHLO reply, in upper case. */
export function chooseMechanism({ offered, auth }: { offered: readonly string[]; auth: TargetAuth }): MechanismChoice {
  const wanted = acceptable(auth);
  const mechanism = wanted.find((name) => offered.includes(name));
  if (mechanism) return { kind: 'chosen', mechanism };
  if (offered.length === 0) return authNotOffered;
  return {
    kind: 'none',
    reason: 'MechanismNotOffered',
    what: `The server offers ${inWords(offered)}; ${whatIsAsked(auth)} needs ${inWords(wanted, 'or')}.`,
    remedy: remedy(offered, auth),
  };
}

const authNotOffered: MechanismChoice = {
  kind: 'none',
  reason: 'AuthNotOffered',
  what: 'The server offers no login: its EHLO reply has no AUTH with a mechanism.',
  remedy:
    'Use the submission port (587 with spec.tls.mode StartTls, or 465 with Implicit), or remove spec.auth if the server lets this client in without a login.',
};

const byName: Readonly<Record<Exclude<Mechanism, 'Auto'>, SaslMechanism>> = {
  Plain: 'PLAIN',
  Login: 'LOGIN',
  CramMd5: 'CRAM-MD5',
  XOAuth2: 'XOAUTH2',
};

/** In order of preference. CRAM-MD5 only where named: it makes the server keep the password in clear. */
function acceptable({ mechanism, secret }: TargetAuth): readonly SaslMechanism[] {
  if (secret.kind === 'oauth2') return ['XOAUTH2'];
  if (mechanism === 'Auto') return ['PLAIN', 'LOGIN'];
  return [byName[mechanism]];
}

function whatIsAsked({ mechanism, secret }: TargetAuth): string {
  if (secret.kind === 'oauth2') return 'spec.auth.oauth2';
  return mechanism === 'Auto' ? 'a login by user name and password' : `spec.auth.mechanism ${mechanism}`;
}

function remedy(offered: readonly string[], auth: TargetAuth): string {
  const usable = usableInstead(offered, auth);
  if (usable) return usable;
  if (auth.secret.kind === 'oauth2') {
    return 'Switch XOAUTH2 on at the server, or connect to the server of the provider that issues the token.';
  }
  if (offered.some((name) => windowsOnly.includes(name))) {
    return 'NTLM and GSSAPI are not supported: let the server offer LOGIN or PLAIN (Exchange: tick "Basic authentication" and "Offer Basic authentication only after starting TLS" on the receive connector), or let it relay for this client without a login and remove spec.auth.';
  }
  return `${inWords(offered)} ${offered.length === 1 ? 'is' : 'are'} not supported: let the server offer PLAIN or LOGIN (over TLS).`;
}

const windowsOnly: readonly string[] = ['NTLM', 'GSSAPI', 'GSS-SPNEGO'];

/** What the spec would have to say to use something that is on offer. */
function usableInstead(offered: readonly string[], { secret }: TargetAuth): string | undefined {
  const has = (name: SaslMechanism) => offered.includes(name);
  if (secret.kind === 'password') {
    if (has('PLAIN') || has('LOGIN')) return 'Set spec.auth.mechanism to Auto (PLAIN, else LOGIN).';
    if (has('CRAM-MD5')) return 'Set spec.auth.mechanism to CramMd5, or switch PLAIN or LOGIN on at the server.';
    if (has('XOAUTH2')) return 'The server wants OAuth 2: use spec.auth.oauth2 with mechanism XOAuth2.';
    return undefined;
  }
  if (has('PLAIN') || has('LOGIN')) {
    return 'Use spec.auth.secretRef with user name and password, or switch XOAUTH2 on at the server.';
  }
  return undefined;
}

function inWords(names: readonly string[], word = 'and'): string {
  const listed = names.slice(0, 8);
  if (listed.length < 2) return listed.join('');
  return `${listed.slice(0, -1).join(', ')} ${word} ${listed.at(-1)}`;
}
