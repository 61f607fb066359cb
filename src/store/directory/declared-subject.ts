// What of a Secret policies look at, without its values: an account, or a certificate's dates and names.
import { accountSecretType } from '../../api/account.ts';
import type { JsonObject } from '../../api/json.ts';
import { objectData } from '../../api/manifest/object-data.ts';
import type { Key, ObjectMeta } from '../../api/resource.ts';
import type { PasswordMark } from '../password-mark.ts';
import type { StoredAccount, StoredCertificate } from '../policy-store.ts';
import { storedAccount } from '../stored-account.ts';
import { storedCertificate, tlsSecretType } from '../stored-certificate.ts';
import type { Metadata } from './object-metadata.ts';
import { textEntries } from './text-entries.ts';

export type DeclaredSubject =
  | { readonly kind: 'account'; readonly account: StoredAccount }
  | { readonly kind: 'certificate'; readonly certificate: StoredCertificate };

export interface SubjectOptions {
  readonly mark: PasswordMark;
  /** When an account was first seen here, RFC 3339: a manifest seldom says when it was made. */
  readonly firstSeen: (account: Key) => string;
}

interface SecretFacts {
  readonly metadata: Metadata;
  readonly version: string;
  readonly options: SubjectOptions;
}

export function declaredSubject(secret: JsonObject, facts: SecretFacts): DeclaredSubject | undefined {
  const { type } = secret;
  if (type !== accountSecretType && type !== tlsSecretType) return undefined;
  const decoded = objectData(secret);
  if (decoded.kind === 'invalid') return undefined;
  const { data } = decoded;
  const metadata = objectMeta(facts);
  if (type === tlsSecretType) {
    return { kind: 'certificate', certificate: storedCertificate(metadata, data.get('tls.crt')) };
  }
  const { creationTimestamp = facts.options.firstSeen(metadata) } = metadata;
  return {
    kind: 'account',
    account: storedAccount({ metadata: { ...metadata, creationTimestamp }, type, data }, facts.options.mark),
  };
}

function objectMeta({ metadata, version }: SecretFacts): ObjectMeta {
  const created = metadata.creationTimestamp;
  return {
    name: String(metadata.name),
    namespace: String(metadata.namespace),
    resourceVersion: version,
    labels: textEntries(metadata.labels) ?? {},
    annotations: textEntries(metadata.annotations) ?? {},
    ...(typeof created === 'string' && Number.isFinite(Date.parse(created)) && { creationTimestamp: created }),
  };
}
