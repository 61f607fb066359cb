// Texts of strangers, made fit for what they are shown in: no label can end a header line or turn a line's direction.

export const longestName = 317;
export const longestLabel = 4_096;
export const longestAnnotation = 8_192;
const longestUrl = 2_048;

/** One line, without control characters, line separators and marks that reorder what follows. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim();
}

/** Lines stay; other control characters go. */
export function severalLines(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/gu, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, ' ')
    .trim();
}

/** At most so many UTF-16 units, an ellipsis for what is left out. */
export function cut(text: string, longest: number): string {
  // Half of a surrogate pair is no character.
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A page's address where it can be one: http or https. */
export function pageUrl(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.length > longestUrl || !URL.canParse(trimmed)) return undefined;
  const { protocol, href } = new URL(trimmed);
  return (protocol === 'http:' || protocol === 'https:') && href.length <= longestUrl ? href : undefined;
}
