// A text without what differs between two tellings of one alarm: ids, hashes, times, addresses, numbers. Words stay.
//
// Steps run in order, the longer shapes before the numbers that they are made of. The placeholder holds nothing that any
// step matches, so that a second pass changes nothing.

const placeholder = '<*>';

export function normalizedText(text: string): string {
  let result = text;
  for (const [pattern, replacement] of steps) result = result.replace(pattern, replacement);
  return result;
}

const number = String.raw`\d+(?:[.,]\d+)*`;
const unit = '(?:ns|us|µs|μs|ms|s|m|h|d|secs?|seconds?|mins?|minutes?|hours?|days?|[kmgtpe]i?b?|b|bytes?|mcpu|%)';

const steps: readonly (readonly [RegExp, string])[] = [
  // UUIDs (RFC 9562 §4).
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, placeholder],
  // RFC 3339, and as logs write it: with a blank, without a zone.
  [/\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:z|utc|[+-]\d\d:?\d\d))?)?(?![\w])/gi, placeholder],
  [/\b\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\b/g, placeholder],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+|\/\d+)?\b/g, placeholder],
  // IPv6 has two colons at least; a port or a prefix goes with it.
  [
    /\[?(?<![\w:])(?=[0-9a-f:]{0,40}\d)(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4}){0,7}(?::)?(?![\w:])\]?(?::\d+|\/\d+)?/gi,
    placeholder,
  ],
  [/\[?(?<![\w:])::(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})(?![\w:])\]?(?::\d+|\/\d+)?/gi, placeholder],
  // web-7d4b9c6f5d-x2x9k, web-x2x9k: Kubernetes makes suffixes of these letters only, which hold no vowel.
  [/(?<=[a-z0-9])-[bcdfghjklmnpqrstvwxz0-9]{6,10}-[bcdfghjklmnpqrstvwxz0-9]{5}\b/g, `-${placeholder}`],
  [/(?<=[a-z0-9])-(?=[a-z]*\d)[bcdfghjklmnpqrstvwxz0-9]{5}\b/g, `-${placeholder}`],
  [/\b0x[0-9a-f]+\b/gi, placeholder],
  // Commits, digests, container ids: a digit tells them from words such as "defaced".
  [/\b(?=[a-f]*\d)[0-9a-f]{7,}\b/gi, placeholder],
  // "abc123" and [req-42]: an id when it has a digit and no blank. Bounds keep long texts linear.
  [/(["'`])(?=[^"'`\s]{0,200}\d)[^"'`\s]{1,200}\1/g, `$1${placeholder}$1`],
  [/\[(?=[^[\]\s]{0,200}\d)[^[\]\s]{1,200}\]/g, `[${placeholder}]`],
  [/\((?=[^()\s]{0,200}\d)[^()\s]{1,200}\)/g, `(${placeholder})`],
  // 1h2m3.5s before 5, and never the digits of a name such as http2 or eth0.
  [new RegExp(String.raw`(?<![\w.])[+-]?(?:${number} ?${unit}(?![a-z]))+(?![\w])`, 'gi'), placeholder],
  [new RegExp(String.raw`(?<![\w.])[+-]?${number}(?!\w)`, 'g'), placeholder],
];
