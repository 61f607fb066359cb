// Whether a text looks like one mail address: the rule of the resources' schemas, for what they do not judge.
// The strict grammar (RFC 5321) is asked when a mail is made.

export function looksLikeAddress(text: string): boolean {
  return Buffer.byteLength(text) <= 320 && /^[^@\s<>\p{Cc}]+@[^@\s<>\p{Cc}]+$/u.test(text);
}
