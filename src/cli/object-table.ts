// Objects as a table, as kubectl prints them: cut where the terminal is too narrow.
import { styleText } from 'node:util';
import { printable } from '../api/fit-status.ts';
import type { Condition } from '../api/smtp-relay.ts';
import type { StoredObject } from '../store/stored-object.ts';
import { cutToWidth, displayWidth, padToWidth } from './display-width.ts';

export interface TableOptions {
  readonly now: number;
  /** Columns of the terminal; absent: as wide as it takes. */
  readonly width?: number | undefined;
  readonly color?: boolean;
}

export interface Column<One> {
  readonly heading: string;
  readonly text: (one: One, now: number) => string;
  /** Columns that it may be cut to where the table is too wide; absent: it is never cut. */
  readonly least?: number;
}

type AnyObject = Pick<StoredObject<unknown>, 'metadata'>;

/** Lines with a heading, each ended by a line break; NAMESPACE stands first where there are several. */
export function objectTable<One extends AnyObject>(
  columns: readonly Column<One>[],
  objects: readonly One[],
  { now, width, color = false }: TableOptions,
): string {
  const all = [{ heading: 'NAMESPACE', text: ({ metadata }: One) => metadata.namespace, least: 9 }, ...columns];
  const shown = hasSeveralNamespaces(objects) ? all : columns;
  const rows = objects.map((one) => shown.map(({ text }) => printable(text(one, now))));
  const widths = fittingWidths(shown, rows, width);
  const lines = [shown.map(({ heading }) => heading), ...rows].map((cells, row) =>
    cells
      .map((cell, index) => {
        const column = widths[index] ?? 0;
        const padded = padToWidth(cutToWidth(cell, column), index === cells.length - 1 ? 0 : column);
        return color && row > 0 && shown[index]?.heading === 'READY' ? painted(padded) : padded;
      })
      .join(gap)
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}

const gap = '   ';

/** What has conditions: a relay or a policy. */
export interface Judged extends AnyObject {
  readonly status: { readonly conditions?: Condition[] } | undefined;
}

export function readyCondition({ status }: Pick<Judged, 'status'>) {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

function hasSeveralNamespaces(objects: readonly AnyObject[]): boolean {
  return new Set(objects.map(({ metadata }) => metadata.namespace)).size > 1;
}

/** Takes columns from the widest that may be cut until the table fits, or nothing more can be taken. */
function fittingWidths(
  shown: readonly Pick<Column<never>, 'heading' | 'least'>[],
  rows: readonly string[][],
  limit = Number.POSITIVE_INFINITY,
): number[] {
  const widths = shown.map(({ heading }, index) =>
    Math.max(displayWidth(heading), ...rows.map((row) => displayWidth(row[index] ?? ''))),
  );
  let excess = widths.reduce((sum, one) => sum + one, gap.length * (widths.length - 1)) - limit;
  while (excess > 0) {
    const spare = widths.map((one, index) => one - (shown[index]?.least ?? Number.POSITIVE_INFINITY));
    const widest = spare.indexOf(Math.max(...spare));
    if ((spare[widest] ?? 0) <= 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function painted(ready: string): string {
  const value = ready.trimEnd();
  if (value === '') return ready;
  const style = value === 'True' ? 'green' : value === 'False' ? 'red' : 'yellow';
  return styleText(style, ready, { validateStream: false });
}
