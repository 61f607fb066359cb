// metav1.MicroTime: RFC 3339 with six digits, and no fewer.

export function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
