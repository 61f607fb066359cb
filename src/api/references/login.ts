// User name and password from a Secret of type kubernetes.io/basic-auth.
import type { ReferencedObject } from '../referenced-object.ts';
import { type Checked, isUnusable, type ReferencePlace, usable, wrongType } from './checked.ts';
import { textValue } from './text-value.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
}

export function loginOf(object: ReferencedObject, place: ReferencePlace): Checked<Login> {
  const badType = wrongType(object, place, ['kubernetes.io/basic-auth']);
  if (badType) return badType;
  const username = textValue(object, 'username', place);
  if (isUnusable(username)) return username;
  const password = textValue(object, 'password', place);
  if (isUnusable(password)) return password;
  return usable({ username: username.text, password: password.text }, [...username.warnings, ...password.warnings]);
}
