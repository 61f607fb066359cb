// What an SmtpRelay refers to, and what each reference is for.
import type { Key } from '../api/resource.ts';
import type { SmtpRelaySpec } from '../api/smtp-relay.ts';
import type { Reference } from '../store/store.ts';

export type Purpose = 'ca' | 'clientCertificate' | 'login' | 'oauth' | 'dkim';

export interface RelayReference extends Reference {
  readonly purpose: Purpose;
  /** The field that names it, such as `spec.tls.caSecretRef`. */
  readonly fieldPath: string;
  /** The key of its data, where the spec names one. */
  readonly dataKey: string | undefined;
}

export function referencesOf({ namespace }: Key, spec: SmtpRelaySpec): readonly RelayReference[] {
  const { tls, auth, dkim } = spec;
  const candidates: readonly [Purpose, Reference['kind'], string, { name: string; key?: string } | undefined][] = [
    ['ca', 'Secret', 'spec.tls.caSecretRef', tls.caSecretRef],
    ['ca', 'ConfigMap', 'spec.tls.caConfigMapRef', tls.caConfigMapRef],
    ['clientCertificate', 'Secret', 'spec.tls.clientCertificateSecretRef', tls.clientCertificateSecretRef],
    ['login', 'Secret', 'spec.auth.secretRef', auth?.secretRef],
    ['oauth', 'Secret', 'spec.auth.oauth2.secretRef', auth?.oauth2?.secretRef],
    ['dkim', 'Secret', 'spec.dkim.privateKeySecretRef', dkim?.privateKeySecretRef],
  ];
  return candidates.flatMap(([purpose, kind, fieldPath, ref]) =>
    ref ? [{ purpose, kind, namespace, name: ref.name, fieldPath, dataKey: ref.key }] : [],
  );
}
