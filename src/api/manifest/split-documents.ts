// Cuts a YAML text at its document markers, so that one broken document does not hide the others.
// A line that starts with `---` or `...` is a marker wherever it stands: YAML lets no scalar hold one (YAML 1.2.2 section 9.1.2).

export interface DocumentText {
  /** Where it starts in the whole text. */
  readonly offset: number;
  readonly text: string;
}

export function splitDocuments(text: string): DocumentText[] {
  const documents: DocumentText[] = [];
  let start = 0;
  const cut = (end: number) => {
    if (text.slice(start, end).trim() !== '') documents.push({ offset: start, text: text.slice(start, end) });
    start = end;
  };
  for (const line of linesOf(text)) {
    const marker = markerAt(text, line.start);
    if (marker === '---' && !isPrologue(text.slice(start, line.start))) cut(line.start);
    if (marker === '...') cut(line.end);
  }
  cut(text.length);
  return documents;
}

function* linesOf(text: string): Generator<{ start: number; end: number }> {
  let start = 0;
  for (const { 0: ending, index } of text.matchAll(/\r\n|\n|\r/g)) {
    yield { start, end: index + ending.length };
    start = index + ending.length;
  }
  if (start < text.length) yield { start, end: text.length };
}

function markerAt(text: string, start: number): '---' | '...' | undefined {
  const marker = text.slice(start, start + 3);
  const after = text[start + 3];
  const ended = after === undefined || ' \t\r\n'.includes(after);
  return ended && (marker === '---' || marker === '...') ? marker : undefined;
}

/** Directives (`%YAML 1.2`) and comments before the marker belong to the document that it starts. */
function isPrologue(text: string): boolean {
  return text.split(/\r\n|\n|\r/).every((line) => /^(%|\s*#|\s*$)/.test(line));
}
