// Text that becomes part of a header: one line, whatever it was.

/** Without control characters, line and paragraph separators and halves of characters. */
export function headerText(text: string, longest: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim();
  return [...line].slice(0, longest).join('');
}
