// Writes a relay's status where it says something new, or at the heartbeat, and tells of transitions.
import { isDeepStrictEqual } from 'node:util';
import { keyText } from '../api/resource.ts';
import type { SmtpRelayStatus } from '../api/smtp-relay.ts';
import type { StoredRelay, WriteResult } from '../store/store.ts';
import { writeComplaint } from '../store/write-complaint.ts';
import { nextStatus } from './next-status.ts';
import type { RelayDeps } from './relay-deps.ts';
import type { RelayMemory } from './relay-memory.ts';
import { saysSomethingNew } from './status-change.ts';
import { transitions } from './transition.ts';
import type { Verdict } from './verdict.ts';

export interface StatusWork {
  readonly stored: StoredRelay;
  readonly memory: RelayMemory;
  readonly verdict: Verdict;
  readonly handledRequest: string | undefined;
}

/** Whether that is all for now; false where the store could not take it and may take it when it is tried again. */
export async function writeStatus(
  { stored, memory, verdict, handledRequest }: StatusWork,
  deps: RelayDeps,
): Promise<boolean> {
  const before = memory.status ?? stored.status;
  const next = nextStatus({ before, generation: stored.metadata.generation, verdict, handledRequest, now: deps.now() });
  memory.status = next;
  return holdStatus(stored, memory, deps);
}

/** Two programs that each put right what the other writes must not do so as fast as they can. */
const restoreRest = 10_000;

/** Holds the stored status against the one that should be there: somebody else may have overwritten it, or a write failed. */
export async function holdStatus(stored: StoredRelay, memory: RelayMemory, deps: RelayDeps): Promise<boolean> {
  const wanted = memory.status;
  const current = deps.store.get(stored.metadata) ?? stored;
  const another = current.metadata.uid !== memory.uid;
  if (!wanted || another || !deps.mayAct()) return true;
  if (!saysSomethingNew(wanted, memory.written) && !heartbeatDue(wanted, memory, deps)) {
    if (isDeepStrictEqual(memory.written, current.status)) return true;
    if (Math.abs(deps.now() - memory.restoredAt) < restoreRest) return false;
    memory.restoredAt = deps.now();
  }
  const result = await deps.store.writeStatus(current, wanted);
  if (result.kind === 'written') {
    const before = memory.written;
    memory.writtenAt = deps.now();
    memory.written = deps.store.get(stored.metadata)?.status ?? wanted;
    await tell(current, { before, after: wanted }, deps);
  } else {
    complain(current, result, deps);
  }
  return result.kind === 'written' || result.kind === 'gone' || result.kind === 'invalid';
}

function heartbeatDue(
  wanted: SmtpRelayStatus,
  { written, writtenAt }: RelayMemory,
  { now, settings }: RelayDeps,
): boolean {
  const age = now() - writtenAt;
  const due = age >= settings.statusHeartbeat || age < 0; // below 0 the clock was set back
  return due && !isDeepStrictEqual(wanted, written);
}

async function tell(
  relay: StoredRelay,
  { before, after }: { before: SmtpRelayStatus | undefined; after: SmtpRelayStatus },
  { store, log }: RelayDeps,
): Promise<void> {
  for (const { type, reason, note } of transitions(before, after)) {
    const fields = { relay: keyText(relay.metadata), reason };
    if (type === 'Warning') log.warn(fields, note);
    else log.info(fields, note);
    await store.record({ regarding: relay, type, reason, action: 'Probe', note });
  }
}

function complain(relay: StoredRelay, result: WriteResult, { log }: RelayDeps): void {
  const message = writeComplaint(result);
  if (message) log.error({ relay: keyText(relay.metadata) }, message);
}
