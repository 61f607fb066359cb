// What this process remembers of each relay between reconciles. All of it can be lost: it is then found again in status.
import { keyText } from '../api/resource.ts';
import type { SmtpRelayStatus } from '../api/smtp-relay.ts';
import { type ParsedRelay, parseRelay } from '../api/validate-relay.ts';
import type { StoredRelay } from '../store/store.ts';
import type { LastProbe } from './decide.ts';
import type { ProbeUnderWay } from './stale-probe.ts';

export interface RelayMemory {
  readonly uid: string;
  /** The generation of the spec that `parsed` and `editedAt` are about. */
  generation: number;
  /** When this generation was first seen; 0 for the one that was there when this process first saw the relay. */
  editedAt: number;
  parsed: ParsedRelay;
  lastProbe: LastProbe | undefined;
  /** The status as it should be, which the store's is held against. */
  status: SmtpRelayStatus | undefined;
  /** The status as the store had it after our last write, or when this process first saw the relay. */
  written: SmtpRelayStatus | undefined;
  writtenAt: number;
  /** When what somebody else wrote was last put right. */
  restoredAt: number;
  underWay: ProbeUnderWay | undefined;
}

export type Memories = Map<string, RelayMemory>;

/** The memory of this very object, its spec parsed anew where it was edited. */
export function rememberRelay(stored: StoredRelay, memories: Memories, now: number): RelayMemory {
  const { uid, generation } = stored.metadata;
  const id = keyText(stored.metadata);
  const known = memories.get(id);
  if (known?.uid !== uid) {
    const memory = newMemory(stored);
    memories.set(id, memory);
    return memory;
  }
  if (known.generation !== generation) {
    known.parsed = parseRelay(stored.manifest);
    known.generation = generation;
    known.editedAt = now;
  }
  return known;
}

function newMemory({ metadata: { uid, generation }, manifest, status }: StoredRelay): RelayMemory {
  return {
    uid,
    generation,
    editedAt: 0,
    parsed: parseRelay(manifest),
    lastProbe: undefined,
    status: undefined,
    written: status,
    restoredAt: 0,
    writtenAt: Date.parse(status?.lastProbe?.time ?? '') || 0,
    underWay: undefined,
  };
}
