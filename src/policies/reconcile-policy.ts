// Brings one policy's mail on its way, and its status in line with it: read, decide, act.
import type { NotificationPolicyStatus, RuleStatus } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import { ruleId } from '../mail/identity.ts';
import type { Requeue } from '../relays/reconcile-relay.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import type { AlarmRunner } from './alarms/alarm-runner.ts';
import { type AlarmFactsOf, alarmStatuses } from './alarms/alarm-status.ts';
import type { SecretTexts } from './alarms/secret-texts.ts';
import type { Complaints } from './complaints.ts';
import { countedRule } from './counted-status.ts';
import { dropLeft } from './drop-left.ts';
import type { PolicyVerdict } from './next-policy-status.ts';
import { basisOf, type PlanTools, planRules } from './plan-rules.ts';
import type { PolicyDeps } from './policy-deps.ts';
import { type Planned, type PolicyMemories, type PolicyMemory, rememberPolicy, ruleBefore } from './policy-memory.ts';
import { type PolicyScene, readPolicy } from './read-policy.ts';
import { lookAgain, retrySoon } from './rule-outcome.ts';
import { type CheckTemplate, configMapsOf } from './rule-templates.ts';
import type { TallyTaken } from './tally.ts';
import { sendTestMessage } from './test-message.ts';
import { writePolicyStatus } from './write-policy-status.ts';

export interface PolicyWork extends PlanTools {
  readonly memories: PolicyMemories;
  readonly complaints: Complaints;
  readonly checkTemplate: CheckTemplate;
  /** Absent where this process runs no alarm rules. */
  readonly alarms: AlarmRunner | undefined;
  readonly secrets: SecretTexts;
  readonly signal: AbortSignal;
}

export async function reconcilePolicy(key: Key, work: PolicyWork, deps: PolicyDeps): Promise<Requeue> {
  const stored = deps.store.getPolicy(key);
  if (!stored) return forget(key, work, deps);
  const memory = rememberPolicy(stored, work.memories);
  // Before they are read: no change is missed then.
  deps.store.followTexts(key, configMapsOf(key, memory.parsed));
  const reading = await readPolicy(stored, memory.parsed, { ...deps, ...work });
  switch (reading.kind) {
    case 'unavailable':
      deps.log.error({ policy: keyText(key) }, reading.message);
      return after(retrySoon);
    case 'usable':
      work.alarms?.adopt(reading.scene);
      return run(reading.scene, { memory, work, deps });
    default:
      work.alarms?.leave(key);
      memory.stale = true;
      return settle({ stored, memory, deps }, () => reading, after(lookAgain));
  }
}

const lookWhilePending = 3_000;

async function forget(key: Key, { memories, alarms }: PolicyWork, deps: PolicyDeps): Promise<Requeue> {
  // It may be there all the same, in a file that cannot be read just now: its mail waits.
  if (!deps.store.policiesComplete(key.namespace)) return after(lookAgain);
  const stored = memories.get(keyText(key))?.stored;
  memories.delete(keyText(key));
  alarms?.leave(key);
  deps.store.followTexts(key, []);
  await dropLeft(key, stored, deps);
  return { kind: 'forget' };
}

interface Running {
  readonly memory: PolicyMemory;
  readonly work: PolicyWork;
  readonly deps: PolicyDeps;
}

async function run(scene: PolicyScene, { memory, work, deps }: Running): Promise<Requeue> {
  const planned = await plannedRules(scene, { memory, work, deps });
  const tested = await sendTestMessage(scene, memory, deps);
  const pending = deps.outbox.waiting(scene.key);
  const alarmFacts = alarmFactsOf(scene, { pending, alarms: work.alarms });
  const verdict = (before: NotificationPolicyStatus | undefined, taken: TallyTaken): PolicyVerdict => ({
    kind: 'running',
    relay: planned.rules.find(({ blocked }) => blocked)?.blocked ?? scene.relay,
    dryRun: scene.spec.mode === 'DryRun',
    rules: [
      ...planned.rules.map((rule) => ruleStatus(rule, { before, taken, pending, identity: deps.identity })),
      ...alarmStatuses(scene.spec, { before, taken, identity: deps.identity, factsOf: alarmFacts ?? unknown }),
    ],
    unresolved: scene.unresolved,
    upcoming: planned.rules.flatMap(({ upcoming }) => upcoming).sort(bySoonest),
  });
  // Another replica may be sending it.
  const look = pending.size > 0 ? lookWhilePending : lookAgain;
  const wait = Math.min(look, (planned.dueAt ?? Number.POSITIVE_INFINITY) - deps.clock.now());
  const next = await settle({ stored: scene.stored, memory, deps, alarmFacts }, verdict, after(Math.max(0, wait)));
  if (!tested) return after(retrySoon);
  return isOutdated(planned, scene, deps) ? after(0) : next;
}

/** By the status that was just written, say. */
function isOutdated({ basis }: Planned, scene: PolicyScene, { store }: PolicyDeps): boolean {
  const stored = store.getPolicy(scene.key);
  return stored !== undefined && basisOf({ ...scene, stored }) !== basis;
}

/** As they were planned last, unless something changed that they rest on. */
async function plannedRules(scene: PolicyScene, { memory, work, deps }: Running): Promise<Planned> {
  const { planned } = memory;
  const isDue = planned?.dueAt !== undefined && planned.dueAt <= deps.clock.now();
  if (planned && !memory.stale && !isDue && planned.basis === basisOf(scene)) return planned;
  memory.stale = false;
  const fresh = await planRules(scene, { ...work, firstSeen: memory.firstSeen }, deps);
  memory.planned = fresh;
  await work.complaints.tell(fresh.rules.flatMap(({ complaints }) => complaints));
  return fresh;
}

interface RuleCounts {
  readonly before: NotificationPolicyStatus | undefined;
  readonly taken: TallyTaken;
  readonly pending: ReadonlyMap<string, number>;
  readonly identity: string;
}

function ruleStatus({ facts }: Planned['rules'][number], counts: RuleCounts): RuleStatus {
  const { before, taken, pending, identity } = counts;
  const { message, ...shown } = facts;
  const old = ruleBefore(before, facts.kind, facts.name);
  return {
    ...shown,
    ...countedRule({ ...old, ...facts }, taken, identity),
    pending: pending.get(ruleId(facts.kind, facts.name)) ?? 0,
    ...(message && { message }),
  };
}

const unknown: AlarmFactsOf = () => undefined;

interface AlarmsRun {
  readonly pending: ReadonlyMap<string, number>;
  readonly alarms: AlarmRunner | undefined;
}

/** Undefined where this replica runs none of them. */
function alarmFactsOf({ key, spec }: PolicyScene, { pending, alarms }: AlarmsRun): AlarmFactsOf | undefined {
  const known = new Map(
    (spec.alarms ?? []).flatMap(({ name }) => {
      const facts = alarms?.facts(key, name);
      return facts ? [[name, { ...facts, pending: pending.get(ruleId('Alarm', name)) ?? 0 }] as const] : [];
    }),
  );
  return known.size > 0 ? (name) => known.get(name) : undefined;
}

function bySoonest(one: { readonly dueTime?: string }, other: { readonly dueTime?: string }): number {
  return (one.dueTime ?? '') < (other.dueTime ?? '') ? -1 : 1;
}

interface Settling {
  readonly stored: StoredPolicy;
  readonly memory: PolicyMemory;
  readonly deps: PolicyDeps;
  readonly alarmFacts?: AlarmFactsOf | undefined;
}

async function settle(
  { stored, memory, deps, alarmFacts }: Settling,
  verdict: Parameters<typeof writePolicyStatus>[0]['verdict'],
  next: Requeue,
): Promise<Requeue> {
  return (await writePolicyStatus({ stored, memory, verdict, alarmFacts }, deps)) ? next : after(retrySoon);
}

function after(milliseconds: number): Requeue {
  return { kind: 'after', milliseconds };
}
