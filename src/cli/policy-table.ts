// Policies as a table with the columns of `kubectl get npol` (the CRD's additionalPrinterColumns).
import { isObject } from '../api/json.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import { kubectlAge } from './kubectl-age.ts';
import { type Column, objectTable, readyCondition, type TableOptions } from './object-table.ts';

export function policyTable(policies: readonly StoredPolicy[], options: TableOptions): string {
  return objectTable(columns, policies, options);
}

const columns: readonly Column<StoredPolicy>[] = [
  { heading: 'NAME', text: ({ metadata }) => metadata.name, least: 12 },
  { heading: 'RELAY', text: relayName, least: 12 },
  { heading: 'READY', text: (policy) => readyCondition(policy)?.status ?? '' },
  { heading: 'REASON', text: (policy) => readyCondition(policy)?.reason ?? '', least: 12 },
  { heading: 'SENT', text: ({ status }) => count(status?.totals?.sent) },
  { heading: 'FAILED', text: ({ status }) => count(status?.totals?.failed) },
  { heading: 'PENDING', text: ({ status }) => count(status?.totals?.pending) },
  { heading: 'NEXT RUN', text: ({ status }) => status?.nextRun ?? '', least: 12 },
  { heading: 'AGE', text: ({ metadata }, now) => kubectlAge(metadata.creationTimestamp, now) },
];

/** The spec is unchecked. */
function relayName({ manifest }: StoredPolicy): string {
  const spec = isObject(manifest) ? manifest.spec : undefined;
  const ref = isObject(spec) ? spec.relayRef : undefined;
  const name = isObject(ref) ? ref.name : undefined;
  return typeof name === 'string' ? name : '';
}

function count(number: number | undefined): string {
  return number === undefined ? '' : String(number);
}
