// What this process remembers of each policy between reconciles. All of it can be lost: it is found again in status, outbox
// and ledger, but for what was settled since the status was last written.
import type { NotificationPolicyStatus } from '../api/notification-policy.ts';
import { keyText } from '../api/resource.ts';
import { type ParsedPolicy, parsePolicy } from '../api/validate-policy.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import { createTally, type Tally } from './tally.ts';

export interface PolicyMemory {
  readonly uid: string;
  /** As it was last seen: an Event about a deleted one needs it. */
  stored: StoredPolicy;
  /** Of this very manifest. */
  parsed: ParsedPolicy;
  /** What was settled and is not in the status yet. */
  readonly tally: Tally;
  /** Set: its rules have to be run anew. */
  stale: boolean;
  /** When its rules were first seen, by `ruleId`: a status that cannot be written must not make them younger. */
  readonly firstSeen: Map<string, number>;
  planned: Planned | undefined;
  writtenAt: number;
}

export interface Planned {
  readonly rules: readonly RuleOutcome[];
  /** Policy, relays and release as they were. */
  readonly basis: string;
  /** When the next rule is due, milliseconds since the epoch. */
  readonly dueAt: number | undefined;
}

export type PolicyMemories = Map<string, PolicyMemory>;

/** The memory of this very object, its spec parsed anew where it was edited. */
export function rememberPolicy(stored: StoredPolicy, memories: PolicyMemories): PolicyMemory {
  const id = keyText(stored.metadata);
  const known = memories.get(id);
  if (known?.uid !== stored.metadata.uid) {
    const memory: PolicyMemory = {
      uid: stored.metadata.uid,
      stored,
      parsed: parsePolicy(stored.manifest),
      tally: known?.tally ?? createTally(),
      stale: true,
      firstSeen: new Map(),
      planned: undefined,
      writtenAt: 0,
    };
    memories.set(id, memory);
    return memory;
  }
  if (known.stored.manifest !== stored.manifest) known.parsed = parsePolicy(stored.manifest);
  known.stored = stored;
  return known;
}

/** The rule's status before, by kind and name. */
export function ruleBefore(status: NotificationPolicyStatus | undefined, kind: string, name: string) {
  return status?.rules?.find((rule) => rule.kind === kind && rule.name === name);
}
