// All that commands about notifications look at, beside an operator that may be running: nothing of it is changed.
import { type Key, keyText } from '../api/resource.ts';
import type { DeliveryRecord } from '../mail/delivery-history.ts';
import type { Ledger } from '../mail/ledger.ts';
import type { Inbox } from '../store/inbox.ts';
import type { JournalPlace } from '../store/journal/read-journal.ts';
import type { PolicyStore } from '../store/policy-store.ts';
import type { Store } from '../store/store.ts';
import { type Io, UnusableArgument } from './io.ts';
import { type PlaceFlags, sourcePlace } from './source-flags.ts';
import type { ToldProblems } from './told-problems.ts';

export interface PolicySources {
  readonly store: PolicyStore;
  readonly relays: Pick<Store, 'list' | 'get' | 'read'>;
  /** Opened when it is first asked for. */
  readonly ledger: () => Promise<Ledger>;
  /** What became of messages since then, milliseconds since the epoch, the oldest first. */
  readonly deliveries: (since: number) => Promise<readonly DeliveryRecord[]>;
  readonly alarms: AlarmsBeside;
  close(): Promise<void>;
}

/** Alarms as the operator keeps them. */
export interface AlarmsBeside {
  readonly journal: JournalPlace;
  /** Rejects with a sentence where it cannot be listed. What is put there the operator takes. */
  openInbox(): Promise<Inbox>;
}

export interface SourceDeps {
  readonly io: Io;
  readonly problems: ToldProblems;
}

/** Closes them whatever comes, or a process that watches files would never end; then tells what was not seen. */
export async function withPolicySources<Result>(
  flags: PlaceFlags,
  deps: SourceDeps,
  act: (sources: PolicySources) => Promise<Result>,
): Promise<Result> {
  const sources = await openPolicySources(flags, deps);
  try {
    return await act(sources);
  } finally {
    // A store that closes takes back what it had said.
    deps.problems.tell(deps.io);
    await sources.close();
  }
}

async function openPolicySources(flags: PlaceFlags, deps: SourceDeps): Promise<PolicySources> {
  const place = sourcePlace(flags);
  if (place.kind === 'directory') {
    const { directorySources } = await import('./directory-sources.ts');
    return directorySources(place, flags, deps);
  }
  const { clusterSources } = await import('./cluster-sources.ts');
  return clusterSources(flags, deps);
}

/** The policies of the namespace asked for, in the order of their names. */
export function policyKeys(
  { store }: Pick<PolicySources, 'store'>,
  { namespace }: Pick<PlaceFlags, 'namespace'>,
): readonly Key[] {
  return store
    .listPolicies()
    .filter((key) => namespace === undefined || key.namespace === namespace)
    .toSorted((a, b) => (keyText(a) < keyText(b) ? -1 : 1));
}

/** The one policy of that name; throws UnusableArgument where there is none, or where namespaces have to tell several apart. */
export function policyNamed(
  sources: Pick<PolicySources, 'store'>,
  name: string,
  flags: Pick<PlaceFlags, 'namespace'>,
): Key {
  const found = policyKeys(sources, flags).filter((key) => key.name === name);
  const [key] = found;
  if (!key) {
    const known = policyKeys(sources, flags).map(keyText).join(', ') || 'none';
    throw new UnusableArgument(`there is no NotificationPolicy "${name}"; there are: ${known}`);
  }
  if (found.length > 1) {
    const namespaces = found.map(({ namespace }) => namespace).join(', ');
    throw new UnusableArgument(`NotificationPolicy "${name}" is in several namespaces (${namespaces}); -n says which`);
  }
  return key;
}
