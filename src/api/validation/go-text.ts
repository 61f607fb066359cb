// Values as the API server prints them into its messages (apimachinery's field.Error.ErrorBody).

/** As Go's fmt prints a value there: strings with %q, numbers and booleans plain, the rest as JSON. */
export function goValue(value: unknown): string {
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number') return goNumber(value);
  return JSON.stringify(value) ?? 'null';
}

/** strconv.Quote: printable characters stay, the rest is escaped. */
export function goQuote(text: string): string {
  let quoted = '';
  for (const character of text.toWellFormed()) quoted += escaped(character);
  return `"${quoted}"`;
}

const named: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

function escaped(character: string): string {
  const name = named[character];
  if (name !== undefined) return name;
  // Go's unicode.IsPrint: letters, marks, numbers, punctuation, symbols, and of the spaces only U+0020.
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x80) return `\\x${hex.padStart(2, '0')}`;
  return code > 0xffff ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}

/** %v of a float64 writes two digits of exponent at least: 1e-07. */
function goNumber(value: number): string {
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}
