// Rows of texts as a table for people and for `awk`: every column as wide as it takes.
import { printable } from '../api/fit-status.ts';
import { displayWidth, padToWidth } from './display-width.ts';

/** Lines with the headings first, each ended by a line break. */
export function textTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows.map((row) => row.map((cell) => printable(cell)))];
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => padToWidth(cell, widths[column] ?? 0))
      .join('   ')
      .trimEnd();
  return cells.map((row) => `${line(row)}\n`).join('');
}
