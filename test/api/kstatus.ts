// The rules by which kstatus (sigs.k8s.io/cli-utils, pkg/kstatus/status) judges a kind that it does not know: what
// Flux, kpt and others wait by. Restated from its generic.go and status.go, for tests.
import type { SmtpRelayStatus } from '../../src/api/smtp-relay.ts';

export type KStatus = 'InProgress' | 'Failed' | 'Current' | 'Terminating';

export interface Judged {
  readonly metadata: { readonly generation?: number; readonly deletionTimestamp?: string };
  readonly status?: SmtpRelayStatus | undefined;
}

export function kstatus({ metadata, status }: Judged): KStatus {
  if (metadata.deletionTimestamp) return 'Terminating';
  const observed = status?.observedGeneration;
  if (metadata.generation !== undefined && observed !== undefined && observed !== metadata.generation) {
    return 'InProgress';
  }
  const conditions = status?.conditions ?? [];
  // In the order of the list: whichever of the two comes first decides.
  for (const condition of conditions) {
    if (condition.type === 'Reconciling' && condition.status === 'True') return 'InProgress';
    if (condition.type === 'Stalled' && condition.status === 'True') return 'Failed';
  }
  const ready = conditions.find(({ type }) => type === 'Ready');
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress';
}
