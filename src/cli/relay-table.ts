// Relays as a table with the columns of `kubectl get relays` (the CRD's additionalPrinterColumns).
import { isObject, type JsonObject } from '../api/json.ts';
import type { TlsMode } from '../api/smtp-relay.ts';
import type { StoredRelay } from '../store/store.ts';
import { kubectlAge } from './kubectl-age.ts';
import { type Column, objectTable, readyCondition, type TableOptions } from './object-table.ts';

export function relayTable(relays: readonly StoredRelay[], options: TableOptions): string {
  return objectTable(columns, relays, options);
}

const columns: readonly Column<StoredRelay>[] = [
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
