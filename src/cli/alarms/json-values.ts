// A file of JSON as recorders write it: a value a line, one document, or documents one after the other
// (`kubectl get events -w -o json`).
import { jsonFault } from '../../alarms/intake/json-fault.ts';

export interface JsonValue {
  readonly value: unknown;
  /** Where it begins, from 1. */
  readonly line: number;
}

export type JsonValues =
  | { readonly kind: 'values'; readonly values: readonly JsonValue[] }
  /** A clause that says where. */
  | { readonly kind: 'invalid'; readonly message: string };

export function jsonValues(text: string): JsonValues {
  const lines = valuesOf(linesOf(text));
  if (lines.kind === 'values') return lines;
  const documents = valuesOf(documentsOf(text));
  // Where the first line is a value, so should be the others.
  return documents.kind === 'invalid' && hasValuePerLine(text) ? lines : documents;
}

interface Piece {
  readonly text: string;
  readonly line: number;
}

function valuesOf(pieces: readonly Piece[]): JsonValues {
  const values: JsonValue[] = [];
  for (const piece of pieces) {
    const value = parsed(piece.text);
    if (value === undefined) return { kind: 'invalid', message: `must be JSON; ${faultIn(piece)}` };
    values.push({ value, line: piece.line });
  }
  return { kind: 'values', values };
}

function hasValuePerLine(text: string): boolean {
  return parsed(/\S[^\n]*/.exec(text)?.[0] ?? '') !== undefined;
}

function linesOf(text: string): Piece[] {
  return text
    .split('\n')
    .map((line, index) => ({ text: line, line: index + 1 }))
    .filter((piece) => piece.text.trim() !== '');
}

/** Cut where the brackets are closed; each begins where the one before ended. */
function documentsOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let line = 1;
  for (let start = 0; start < text.length; ) {
    const end = endOfDocument(text, start);
    const whole = text.slice(start, end);
    const blank = /^\s*/.exec(whole)?.[0] ?? '';
    line += linesIn(blank);
    if (blank.length < whole.length) pieces.push({ text: whole.slice(blank.length), line });
    line += linesIn(whole) - linesIn(blank);
    start = end;
  }
  return pieces;
}

/** A loop: an expression that passes over strings needs a stack as deep as they are long. */
function endOfDocument(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else inString = character !== '"';
      continue;
    }
    if (character === '"') inString = true;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') {
      depth -= 1;
      if (depth <= 0) return at + 1;
    }
  }
  return text.length;
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** Undefined for what is no JSON, which has no undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says where, as SyntaxError does for some texts only.
    return undefined;
  }
}

/** As of the whole file. */
function faultIn({ text, line }: Piece): string {
  return jsonFault(`${'\n'.repeat(line - 1)}${text}`);
}
