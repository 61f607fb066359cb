// An account's Secret made what may be kept of it: all but the password.
import { readAccount } from '../api/read-account.ts';
import type { ReferencedObject } from '../api/referenced-object.ts';
import { keyOf, type ObjectMeta } from '../api/resource.ts';
import type { PasswordMark } from './password-mark.ts';
import type { StoredAccount } from './policy-store.ts';

export interface AccountSecret extends Pick<ReferencedObject, 'type' | 'data'> {
  readonly metadata: ObjectMeta;
}

export function storedAccount(secret: AccountSecret, mark: PasswordMark): StoredAccount {
  const read = readAccount(secret, mark);
  if (read.kind === 'account') return read;
  return { kind: 'invalid', key: keyOf(secret), labels: secret.metadata.labels ?? {}, problems: read.problems };
}
