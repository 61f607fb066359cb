// Brings one SmtpRelay's status in line with what its server answers: read, decide, act.
import { type Key, keyText } from '../api/resource.ts';
import type { StoredRelay } from '../store/store.ts';
import { decide, type Plan } from './decide.ts';
import type { LoginGuard } from './login-guard.ts';
import { effectiveOf } from './make-target.ts';
import { type Observation, observeRelay } from './observe-relay.ts';
import { probeRelay } from './probe-relay.ts';
import { recallRefusal } from './recall-refusal.ts';
import type { RelayDeps } from './relay-deps.ts';
import { type Memories, type RelayMemory, rememberRelay } from './relay-memory.ts';
import type { Verdict } from './verdict.ts';
import { holdStatus, writeStatus } from './write-status.ts';

/** When to look again: after so many milliseconds, only when woken, or never because the relay is gone. */
export type Requeue =
  | { readonly kind: 'after'; readonly milliseconds: number }
  | { readonly kind: 'whenWoken' }
  | { readonly kind: 'forget' };

export interface RelayWork {
  readonly memories: Memories;
  readonly guard: LoginGuard;
  readonly signal: AbortSignal;
  readonly yieldSlot: () => void;
  /** Told when status has changed and the work goes on. */
  readonly changed: () => void;
}

/** How soon the store is asked again for what it could not say or take. */
const storeRetry = 10_000;
/** How soon something missing or denied is looked at again where no watch may tell of it. */
const referenceRetry = 60_000;

export async function reconcileRelay(key: Key, work: RelayWork, deps: RelayDeps): Promise<Requeue> {
  const stored = deps.store.get(key);
  if (!stored) {
    deps.store.follow(key, []);
    work.memories.delete(keyText(key));
    return { kind: 'forget' };
  }
  const memory = rememberRelay(stored, work.memories, deps.now());
  const observation = await observeRelay(stored, memory, deps);
  if (work.signal.aborted || !deps.mayAct()) return { kind: 'whenWoken' };
  const { spec, references } = observation.facts;
  if (!memory.status && spec.kind === 'valid' && references?.kind === 'resolved') {
    recallRefusal(stored, { relay: spec.relay, versions: references.versions }, work.guard);
  }
  return act(decide(observation.facts), { stored, memory, observation, work, deps });
}

interface Scene {
  readonly stored: StoredRelay;
  readonly memory: RelayMemory;
  readonly observation: Observation;
  readonly work: RelayWork;
  readonly deps: RelayDeps;
}

async function act(plan: Plan, scene: Scene): Promise<Requeue> {
  const { stored, memory, deps } = scene;
  switch (plan.kind) {
    case 'reject':
      return settle({ kind: 'rejected', violation: plan.violation }, scene, { kind: 'whenWoken' });
    case 'suspend':
      return settle({ kind: 'suspended' }, scene, { kind: 'whenWoken' });
    case 'reportUnresolved':
      return unresolved(plan, scene);
    case 'askAgain':
      deps.log.error({ relay: keyText(stored.metadata) }, plan.message);
      return after(storeRetry);
    case 'wait':
      return (await holdStatus(stored, memory, deps)) ? after(plan.milliseconds) : after(storeRetry);
    case 'probe':
      return probe(plan, scene);
  }
}

async function unresolved({ violation }: Plan & { kind: 'reportUnresolved' }, scene: Scene): Promise<Requeue> {
  const { facts } = scene.observation;
  if (facts.spec.kind === 'invalid') throw new Error('an invalid spec has no references');
  scene.memory.lastProbe = undefined;
  const effective = effectiveOf(facts.spec.relay.spec, scene.deps.settings);
  return settle({ kind: 'unresolved', violation, effective }, scene, after(referenceRetry));
}

async function probe({ cause }: Plan & { kind: 'probe' }, scene: Scene): Promise<Requeue> {
  const { stored, memory, observation, work, deps } = scene;
  const { facts, references } = observation;
  if (facts.spec.kind === 'invalid' || references?.kind !== 'resolved')
    throw new Error('only a resolved relay is probed');
  const verdict = await probeRelay(
    { ...work, stored, memory, relay: facts.spec.relay, resolved: references, cause },
    deps,
  );
  if (!verdict) return { kind: 'whenWoken' };
  const dueAt = memory.lastProbe?.dueAt ?? deps.now();
  return settle(verdict, scene, after(Math.max(0, dueAt - deps.now())));
}

/** Writes the status that follows; a store that cannot take it is asked again soon. */
async function settle(verdict: Verdict, scene: Scene, next: Requeue): Promise<Requeue> {
  const { stored, memory, observation, deps } = scene;
  const handledRequest = observation.facts.openRequest;
  const written = await writeStatus({ stored, memory, verdict, handledRequest }, deps);
  return written ? next : after(storeRetry);
}

function after(milliseconds: number): Requeue {
  return { kind: 'after', milliseconds };
}
