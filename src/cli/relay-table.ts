// Relays as a table with the columns of `kubectl get relays` (the CRD's additionalPrinterColumns).
import { styleText } from 'node:util';
import { printable } from '../api/fit-status.ts';
import { isObject, type JsonObject } from '../api/json.ts';
import type { TlsMode } from '../api/smtp-relay.ts';
import type { StoredRelay } from '../store/store.ts';
import { cutToWidth, displayWidth, padToWidth } from './display-width.ts';
import { kubectlAge } from './kubectl-age.ts';

export interface RelayTableOptions {
  readonly now: number;
  /** Columns of the terminal; absent: as wide as it takes. */
  readonly width?: number | undefined;
  readonly color?: boolean;
}

/** Lines with a heading, each ended by a line break; NAMESPACE stands first where there are several. */
export function relayTable(relays: readonly StoredRelay[], { now, width, color = false }: RelayTableOptions): string {
  const shown = columns.filter(({ heading }) => heading !== 'NAMESPACE' || hasSeveralNamespaces(relays));
  const rows = relays.map((relay) => shown.map(({ text }) => printable(text(relay, now))));
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

interface Column {
  readonly heading: string;
  readonly text: (relay: StoredRelay, now: number) => string;
  /** Columns that it may be cut to where the table is too wide; absent: it is never cut. */
  readonly least?: number;
}

const columns: readonly Column[] = [
  { heading: 'NAMESPACE', text: ({ metadata }) => metadata.namespace, least: 9 },
  { heading: 'NAME', text: ({ metadata }) => metadata.name, least: 12 },
  { heading: 'HOST', text: (relay) => cell(specOf(relay).host), least: 12 },
  { heading: 'PORT', text: (relay) => cell(relay.status?.effective?.port ?? specOf(relay).port) },
  { heading: 'TLS', text: tlsMode },
  { heading: 'READY', text: (relay) => readyCondition(relay)?.status ?? '' },
  { heading: 'REASON', text: (relay) => readyCondition(relay)?.reason ?? '', least: 12 },
  { heading: 'CERT EXPIRES', text: ({ status }) => status?.certificateExpires ?? '', least: 12 },
  {
    heading: 'LAST PROBE',
    text: ({ status }, now) => (status?.lastProbe ? kubectlAge(status.lastProbe.time, now) : ''),
  },
  { heading: 'AGE', text: ({ metadata }, now) => kubectlAge(metadata.creationTimestamp, now) },
];

export function readyCondition({ status }: StoredRelay) {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

/** The spec is unchecked: whoever wrote it may have put anything anywhere. */
function specOf({ manifest }: StoredRelay): JsonObject {
  const spec = isObject(manifest) ? manifest.spec : undefined;
  return isObject(spec) ? spec : {};
}

/** The API server fills it in by the CRD's default; a manifest in a directory lacks it. */
const defaultTlsMode: TlsMode = 'StartTls';

function tlsMode(relay: StoredRelay): string {
  const { tls } = specOf(relay);
  const written = isObject(tls) ? tls.mode : undefined;
  return cell(written ?? relay.status?.effective?.tlsMode ?? defaultTlsMode);
}

function cell(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function hasSeveralNamespaces(relays: readonly StoredRelay[]): boolean {
  return new Set(relays.map(({ metadata }) => metadata.namespace)).size > 1;
}

/** Takes columns from the widest that may be cut until the table fits, or nothing more can be taken. */
function fittingWidths(
  shown: readonly Column[],
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
