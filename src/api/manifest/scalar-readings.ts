// The two readings of a plain YAML scalar: this program follows YAML 1.2, kubectl YAML 1.1 (as Go's yaml.v2 does).
// `yes`, `014` and `1_000` are not the same to both. Seen with kubectl 1.36 on every form below.

export type Scalar = string | number | boolean | null;

/** YAML 1.2.2 section 10.3.2, the core schema. */
export function coreReading(text: string): Scalar {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^(~|null|Null|NULL|)$/.test(text)) return null;
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(nan|NaN|NAN)$/.test(text)) return Number.NaN;
  const coreNumber = /^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/.test(text) || decimal.test(text);
  return (coreNumber ? finite(Number(text)) : undefined) ?? text;
}

/** What is too large for a double stays text, to both readers. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

const decimal = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

export function kubectlReading(text: string): Scalar {
  if (/^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(text)) return true;
  if (/^(n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(text)) return false;
  if (/^(~|null|Null|NULL|)$/.test(text)) return null;
  return /^[-+.0-9]/.test(text) ? (numberReading(text.replaceAll('_', '')) ?? text) : text;
}

function numberReading(text: string): number | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(text) ?? [];
  const integer = unsignedInteger(digits);
  // Beyond 64 bits an integer is read as a decimal, where it is one.
  if (integer !== undefined && integer < 2 ** 64) return sign === '-' ? -integer : integer;
  return decimal.test(text) ? finite(Number(text)) : undefined;
}

/** Go's strconv.ParseInt with base 0: a leading zero makes it octal. */
function unsignedInteger(digits: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(digits)) return Number.parseInt(digits.slice(2), 16);
  if (/^0[bB][01]+$/.test(digits)) return Number.parseInt(digits.slice(2), 2);
  if (/^0[oO][0-7]+$/.test(digits)) return Number.parseInt(digits.slice(2), 8);
  if (/^0[0-7]+$/.test(digits)) return Number.parseInt(digits, 8);
  return /^(0|[1-9][0-9]*)$/.test(digits) ? Number(digits) : undefined;
}
