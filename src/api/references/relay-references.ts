// What an SmtpRelay refers to, what each reference is for, and whether an object is fit for it.
import type { ReferencedObject } from '../referenced-object.ts';
import type { SmtpRelaySpec } from '../smtp-relay.ts';
import { caCertificates } from './ca-certificates.ts';
import type { Checked, ReferencePlace } from './checked.ts';
import { clientCertificateOf } from './client-certificate.ts';
import { dkimKeyOf } from './dkim-key.ts';
import { loginOf } from './login.ts';
import { oauthSecretOf } from './oauth-secret.ts';

export type Purpose = 'ca' | 'clientCertificate' | 'login' | 'oauth' | 'dkim';

/** The object is of the relay's own namespace. */
export interface SpecReference extends ReferencePlace {
  readonly purpose: Purpose;
  /** The key of its data, where the spec names one. */
  readonly dataKey: string | undefined;
}

export function specReferences({ tls, auth, dkim }: SmtpRelaySpec): readonly SpecReference[] {
  const candidates: readonly [Purpose, SpecReference['kind'], string, { name: string; key?: string } | undefined][] = [
    ['ca', 'Secret', 'spec.tls.caSecretRef', tls.caSecretRef],
    ['ca', 'ConfigMap', 'spec.tls.caConfigMapRef', tls.caConfigMapRef],
    ['clientCertificate', 'Secret', 'spec.tls.clientCertificateSecretRef', tls.clientCertificateSecretRef],
    ['login', 'Secret', 'spec.auth.secretRef', auth?.secretRef],
    ['oauth', 'Secret', 'spec.auth.oauth2.secretRef', auth?.oauth2?.secretRef],
    ['dkim', 'Secret', 'spec.dkim.privateKeySecretRef', dkim?.privateKeySecretRef],
  ];
  return candidates.flatMap(([purpose, kind, fieldPath, ref]) =>
    ref ? [{ purpose, kind, name: ref.name, fieldPath, dataKey: ref.key }] : [],
  );
}

/** Whether the object can serve its purpose; what it holds is for the caller that asks for it by its own check. */
export function checkReference(
  reference: SpecReference,
  object: ReferencedObject,
  spec: SmtpRelaySpec,
): Checked<unknown> {
  switch (reference.purpose) {
    case 'ca':
      return caCertificates(object, reference.dataKey ?? 'ca.crt', reference);
    case 'clientCertificate':
      return clientCertificateOf(object, reference);
    case 'login':
      return loginOf(object, reference);
    case 'oauth':
      return oauthSecretOf(object, spec.auth?.oauth2?.grant ?? 'ClientCredentials', reference);
    case 'dkim':
      return dkimKeyOf(object, reference.dataKey ?? 'tls.key', reference);
  }
}
