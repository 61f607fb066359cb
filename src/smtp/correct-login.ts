// Where a refused login is to be corrected: the very keys of its Secret, or the flags that it was given by.

export function correctLogin(from: string): string {
  return from.startsWith('Secret ')
    ? `Correct the keys "username" and "password" of ${from}.`
    : `Correct user name and password in ${from}.`;
}
