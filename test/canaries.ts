// Secrets planted to be found again: whatever form they take in an output, they are recognised.

export interface Canary {
  /** What it is, for the message of a failing test. */
  readonly what: string;
  readonly value: string;
}

/** `what as form in output` for each canary that stands in an output. */
export function canariesIn(outputs: ReadonlyMap<string, string>, canaries: readonly Canary[]): string[] {
  return [...outputs].flatMap(([output, text]) =>
    canaries.flatMap(({ what, value }) => {
      const found = forms(value).find(([, form]) => text.includes(form));
      return found ? [`${what} ${found[0]} in ${output}: ${around(text, found[1])}`] : [];
    }),
  );
}

/** A piece of this length is no coincidence. */
const piece = 12;

function forms(value: string): (readonly [string, string])[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  return [
    ['as it is', value],
    ['cut at its end', value.slice(0, piece)],
    ['cut at its start', value.slice(-piece)],
    ['as JSON', JSON.stringify(value).slice(1, -1)],
    ['in hexadecimal', hex],
    ['in hexadecimal', hex.toUpperCase()],
    ['URL-encoded', encodeURIComponent(value)],
    ['as a form', new URLSearchParams({ v: value }).toString().slice(2)],
    ['read as Latin-1', bytes.toString('latin1')],
    ['escaped', escaped(bytes)],
    ...base64Forms(bytes).flatMap((text) => [
      ['in base64', text] as const,
      ['in base64url', text.replaceAll('+', '-').replaceAll('/', '_')] as const,
    ]),
  ];
}

/** As it stands in the base64 of something longer, at each of the three places where its first byte may fall. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const first = Math.ceil((shift * 8) / 6);
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return text.slice(first, whole);
  });
}

function escaped(bytes: Buffer): string {
  return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16)}`)).join('');
}

function around(text: string, form: string): string {
  const at = text.indexOf(form);
  return JSON.stringify(text.slice(Math.max(0, at - 120), at + form.length + 20));
}
