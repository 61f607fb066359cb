// A Secret as the API server sends it, made what may be kept of it. The values go no further than here.
import type { ObjectMeta } from '../../api/resource.ts';
import type { PasswordMark } from '../password-mark.ts';
import type { StoredAccount, StoredCertificate } from '../policy-store.ts';
import { storedAccount } from '../stored-account.ts';
import { storedCertificate } from '../stored-certificate.ts';
import { metadataOf, textOf } from './json.ts';
import { referencedObject } from './read-reference.ts';
import { annotationsOf, labelsOf } from './stored-object.ts';

export function accountReader(mark: PasswordMark): (secret: unknown) => StoredAccount {
  return (secret) => storedAccount({ metadata: secretMetadata(secret), ...referencedObject(secret) }, mark);
}

export function readCertificate(secret: unknown): StoredCertificate {
  return storedCertificate(secretMetadata(secret), referencedObject(secret).data.get('tls.crt'));
}

function secretMetadata(secret: unknown): ObjectMeta {
  const metadata = metadataOf(secret);
  return {
    name: textOf(metadata.name),
    namespace: textOf(metadata.namespace),
    uid: textOf(metadata.uid),
    resourceVersion: textOf(metadata.resourceVersion),
    creationTimestamp: textOf(metadata.creationTimestamp),
    labels: labelsOf(metadata),
    annotations: annotationsOf(metadata),
  };
}
