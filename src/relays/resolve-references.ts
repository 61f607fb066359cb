// Reads what a relay refers to and makes of it what a target needs, or says what is missing or cannot be used.
import { caCertificates } from '../api/references/ca-certificates.ts';
import { type Checked, objectText, type ReferenceWarning } from '../api/references/checked.ts';
import { clientCertificateOf } from '../api/references/client-certificate.ts';
import { dkimKeyOf } from '../api/references/dkim-key.ts';
import { loginOf } from '../api/references/login.ts';
import { type OAuthSecret, oauthSecretOf } from '../api/references/oauth-secret.ts';
import type { ObservedReference, SmtpRelaySpec } from '../api/smtp-relay.ts';
import type { Violation } from '../api/violation.ts';
import type { TokenRequest } from '../smtp/oauth/token-request.ts';
import type { ReadResult, ReferencedObject, Store } from '../store/store.ts';
import type { TargetParts } from './make-target.ts';
import type { RelayReference } from './references.ts';

export type ResolvedReferences =
  | { readonly kind: 'resolved'; readonly versions: readonly ObservedReference[]; readonly parts: TargetParts }
  | { readonly kind: 'violation'; readonly violation: Violation }
  | { readonly kind: 'unavailable'; readonly message: string };

type Part = Partial<Omit<TargetParts, 'warnings'>>;

export async function resolveReferences(
  references: readonly RelayReference[],
  spec: SmtpRelaySpec,
  store: Pick<Store, 'read'>,
): Promise<ResolvedReferences> {
  const results = await Promise.all(
    references.map(async (reference) => ({ reference, result: await store.read(reference) })),
  );
  const versions: ObservedReference[] = [];
  const warnings: ReferenceWarning[] = [];
  let parts: Part = {};
  for (const { reference, result } of results) {
    if (result.kind === 'unavailable') {
      return { kind: 'unavailable', message: `${objectText(reference)} cannot be read: ${result.message}` };
    }
    if (result.kind !== 'found') return { kind: 'violation', violation: absent(reference, result) };
    const checked = partOf(reference, result.object, spec);
    if (checked.kind === 'unusable') return { kind: 'violation', violation: checked.violation };
    parts = { ...parts, ...checked.value };
    warnings.push(...checked.warnings);
    versions.push({ kind: reference.kind, name: reference.name, resourceVersion: result.object.resourceVersion });
  }
  return { kind: 'resolved', versions, parts: { ...nothing, ...parts, warnings } };
}

const nothing: TargetParts = {
  trustedCertificates: [],
  trustedFrom: undefined,
  clientCertificate: undefined,
  login: undefined,
  warnings: [],
};

function absent(
  reference: RelayReference,
  result: Exclude<ReadResult, { kind: 'found' } | { kind: 'unavailable' }>,
): Violation {
  const { kind, namespace, fieldPath } = reference;
  switch (result.kind) {
    case 'missing':
      return {
        reason: kind === 'Secret' ? 'SecretNotFound' : 'ConfigMapNotFound',
        fieldPath: `${fieldPath}.name`,
        message: `${objectText(reference)} does not exist in namespace ${namespace}`,
      };
    case 'denied':
      return {
        reason: 'AccessDenied',
        fieldPath: `${fieldPath}.name`,
        message: `the operator may not ${result.verb} ${result.resource} in namespace ${result.namespace}`,
      };
  }
}

function partOf(reference: RelayReference, object: ReferencedObject, spec: SmtpRelaySpec): Checked<Part> {
  const from = objectText(reference);
  switch (reference.purpose) {
    case 'ca': {
      const key = reference.dataKey ?? 'ca.crt';
      return as(caCertificates(object, key, reference), (trustedCertificates) => ({
        trustedCertificates,
        trustedFrom: `${from} key "${key}"`,
      }));
    }
    case 'clientCertificate':
      return as(clientCertificateOf(object, reference), (clientCertificate) => ({ clientCertificate }));
    case 'login':
      return as(loginOf(object, reference), ({ username, password }) => ({
        login: { username, secret: { kind: 'password', password }, from },
      }));
    case 'oauth':
      return as(oauthSecretOf(object, spec.auth?.oauth2?.grant ?? 'ClientCredentials', reference), (secret) =>
        oauthLogin(secret, spec, from),
      );
    case 'dkim':
      return as(dkimKeyOf(object, reference.dataKey ?? 'tls.key', reference), (dkimKey) => ({ dkimKey }));
  }
}

function as<T>(checked: Checked<T>, part: (value: T) => Part): Checked<Part> {
  return checked.kind === 'usable' ? { ...checked, value: part(checked.value) } : checked;
}

function oauthLogin(secret: OAuthSecret, { auth }: SmtpRelaySpec, from: string): Part {
  if (!auth?.oauth2) return {};
  const { tokenUrl, scopes } = auth.oauth2;
  const username = auth.username ?? '';
  const token = { tokenUrl, scopes: scopes ?? [], grant: grantOf(secret, auth.oauth2, username), from };
  return { login: { username, secret: { kind: 'oauth2', token }, from } };
}

type OAuth2 = NonNullable<NonNullable<SmtpRelaySpec['auth']>['oauth2']>;

/** RFC 7523 section 3: the audience is the token endpoint, the subject the mailbox, unless the spec says otherwise. */
function grantOf(
  secret: OAuthSecret,
  { clientId = '', tokenUrl, jwt }: OAuth2,
  mailbox: string,
): TokenRequest['grant'] {
  if (secret.kind !== 'JwtBearer') return { ...secret, clientId };
  return {
    ...secret,
    issuer: jwt?.issuer ?? '',
    subject: jwt?.subject || mailbox,
    audience: jwt?.audience || tokenUrl,
    keyId: jwt?.keyId || undefined,
  };
}
