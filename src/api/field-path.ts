// Paths of fields in the API server's form, such as `spec.tls.pinnedSha256[0]`; the empty path is the whole object.

export function childPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}
