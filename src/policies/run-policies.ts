// Runs the policies of a store until the signal aborts: wakes, queues, reconciles, delivers, and looks again when due.
import { type Key, keyText } from '../api/resource.ts';
import { createDeliverer, type Settled } from '../mail/delivery/deliverer.ts';
import type { DeliveryRecord } from '../mail/delivery-history.ts';
import type { Requeue } from '../relays/reconcile-relay.ts';
import { systemTimer } from '../relays/timer.ts';
import { createWorkQueue } from '../relays/work-queue.ts';
import type { StoreProblem } from '../store/store.ts';
import { createAccountIndex } from './account-index.ts';
import type { AlarmRunner } from './alarms/alarm-runner.ts';
import { createAlarmRunner } from './alarms/run-alarms.ts';
import { createSecretTexts } from './alarms/secret-texts.ts';
import { createWebhookRules, type WebhookRules } from './alarms/webhook-rules.ts';
import { createAvailability } from './availability.ts';
import { compactDaily } from './compact-daily.ts';
import { createComplaints } from './complaints.ts';
import { droppedRecord, settledRecord } from './delivery-record.ts';
import { chainKeys, createDeliveryRelays } from './delivery-relays.ts';
import type { PolicyDeps } from './policy-deps.ts';
import { type PolicyMemories, rememberPolicy } from './policy-memory.ts';
import { createPolicySpecs } from './policy-specs.ts';
import { reconcilePolicy } from './reconcile-policy.ts';
import { createRelayBook } from './relay-book.ts';
import { createRelayNews } from './relay-news.ts';
import { createCheckTemplate } from './rule-templates.ts';
import { createStillWanted } from './still-wanted.ts';
import type { Tally } from './tally.ts';
import { createWakes } from './wakes.ts';

export interface PolicyRun {
  /** A relay, or its status, may have changed. */
  readonly relayChanged: (key: Key) => void;
  /** Every policy is run anew, as when this replica becomes the one that reminds. */
  readonly wakeAll: () => void;
  /** This replica has become the one that runs alarm rules (`AlarmDeps.mayAlarm`), or is it no longer. */
  readonly alarmsChanged: () => void;
  /** For the webhook's server: the tokens of a rule. */
  readonly webhookRule: WebhookRules;
  /** Resolves once every policy was looked at and nothing that may be tried now is left. */
  readonly settled: () => Promise<void>;
  /** Resolves once all work has ended after the signal aborted, the messages under way included. */
  readonly ended: Promise<void>;
  /** Lets the store go; after `ended`, and after whoever else needs it. */
  readonly close: () => void;
}

export interface PolicyObserver {
  /** A policy, or its status, may have changed. */
  readonly onPolicyChange?: (key: Key) => void;
  readonly onSettled?: (event: Settled) => void;
  readonly onProblem?: (problem: StoreProblem) => void;
}

const deliverNothing: typeof createDeliverer = () => ({ stop: async () => undefined, underWay: 0 });

const concurrent = 4;
/** How soon a policy is looked at again after a bug in this program stopped its reconcile. */
const bugRetry = 60_000;
/** What comes together is looked at together. */
const together = { changed: 50, settled: 300, alarms: 1_000 };

/** Resolves once the store has given its first list. The relays must be listed by then, or tell of each by `relayChanged`. */
export async function runPolicies(
  deps: PolicyDeps,
  signal: AbortSignal,
  observer: PolicyObserver = {},
): Promise<PolicyRun> {
  const { store, outbox, clock, log } = deps;
  const open = new AbortController();
  const memories: PolicyMemories = new Map();
  const book = createRelayBook(deps.relays, clock.now);
  const accounts = createAccountIndex(store);
  const specs = createPolicySpecs(store);
  const directory = createDeliveryRelays({ ...deps, book, specs });
  const availability = createAvailability({ book, specs });
  /** Relays that this process does not reach. */
  const down = new Set<string>();
  const secrets = createSecretTexts(deps.relays, clock);
  const work = {
    memories,
    book,
    accounts,
    signal,
    secrets,
    alarms: undefined as AlarmRunner | undefined,
    complaints: createComplaints(deps),
    checkTemplate: createCheckTemplate(),
  };
  const keys = new Map<string, Key>();
  const queue = createWorkQueue({ slots: concurrent, work: reconcile, setTimer: systemTimer });
  const wakes = createWakes((id) => queue.add(id));
  const news = createRelayNews(deps);

  async function reconcile(id: string): Promise<void> {
    const key = keys.get(id);
    if (!key) return;
    const began = clock.monotonic();
    const end = deps.meter?.reconcile();
    try {
      requeue(id, await reconcilePolicy(key, work, deps));
      end?.('done');
    } catch (error) {
      end?.('bug');
      const why = error instanceof Error ? error.stack : String(error);
      log.error({ policy: id, error: why }, 'a bug stopped the reconcile of this policy');
      queue.addAfter(id, bugRetry);
    }
    wakes.took(id, clock.monotonic() - began);
    observer.onPolicyChange?.(key);
  }

  function requeue(id: string, next: Requeue): void {
    if (next.kind === 'after') queue.addAfter(id, next.milliseconds);
    if (next.kind === 'forget') {
      keys.delete(id);
      queue.forget(id);
    }
  }

  function wake(key: Key, { anew, within }: { readonly anew: boolean; readonly within: number }): void {
    const id = keyText(key);
    keys.set(id, { namespace: key.namespace, name: key.name });
    const memory = memories.get(id);
    if (memory && anew) memory.stale = true;
    wakes.wake(id, within);
  }

  function accountChanged(key: Key): void {
    for (const policy of store.listPolicies()) {
      if (looksAt(policy, key.namespace)) wake(policy, { anew: true, within: together.changed });
    }
  }

  function looksAt(policy: Key, namespace: string): boolean {
    if (policy.namespace === namespace) return true;
    const spec = specs(policy);
    return (
      typeof spec === 'object' &&
      (spec.reminders ?? []).some((rule) => rule.subjects.accounts && rule.namespaceSelector)
    );
  }

  /** Also where it was not looked at yet: its mail may be sent before that. */
  function count(policy: Key, add: (tally: Tally) => void): void {
    const stored = store.getPolicy(policy);
    const memory = stored ? rememberPolicy(stored, memories) : memories.get(keyText(policy));
    if (!memory) return;
    add(memory.tally);
    wake(policy, { anew: false, within: together.settled });
  }

  function relayChanged(key: Key): void {
    directory.changed(key);
    if (!news.isNew(key)) return;
    availability.changed();
    work.alarms?.relayChanged(key);
    for (const policy of store.listPolicies()) {
      if (dependsOn(policy, key)) wake(policy, { anew: false, within: together.changed });
    }
  }

  function dependsOn(policy: Key, relay: Key): boolean {
    const spec = specs(policy);
    if (typeof spec !== 'object') return false;
    if (chainKeys(spec, policy).some((named) => keyText(named) === keyText(relay))) return true;
    return (spec.reminders ?? []).some(({ subjects }) => subjects.relays);
  }

  function wakeAll(): void {
    for (const policy of store.listPolicies()) wake(policy, { anew: true, within: 0 });
  }

  function tellSettled(record: DeliveryRecord): void {
    deps.history.add(record);
    const { id, identity, outcome, relay, reason } = record;
    const fields = { id, policy: keyText(identity.policy), rule: identity.rule, outcome, relay, reason };
    // The deliverer tells of what is dropped.
    if (outcome === 'Accepted') log.info(fields, 'a message was accepted');
    if (outcome === 'Refused') log.warn(fields, 'a message was refused for good');
  }

  // What cannot be listed yet must not hold up a stop.
  const giveUp = () => open.abort();
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  await store.startPolicies(
    {
      policyChanged(key) {
        availability.changed();
        wake(key, { anew: false, within: together.changed });
      },
      accountChanged,
      problem: (problem) => observer.onProblem?.(problem),
    },
    open.signal,
  );
  signal.removeEventListener('abort', giveUp);
  const changed = (key: Key) => wake(key, { anew: false, within: together.alarms });
  if (deps.alarms) {
    const isDown = (key: Key) => down.has(keyText(key));
    work.alarms = createAlarmRunner({ ...deps, alarms: deps.alarms, specs, book, changed, isDown }, signal);
  }
  wakeAll();
  // What a policy left that was deleted meanwhile.
  for (const { identity } of await outbox.list()) wake(identity.policy, { anew: false, within: 0 });
  const deliver = deps.delivers === false ? deliverNothing : createDeliverer;
  const deliverer = deliver({
    ...deps,
    directory,
    availability,
    stillWanted: createStillWanted({ store, accounts, book, specs }),
    onSettled(event) {
      const { policy } = event.entry.identity;
      count(policy, (tally) => tally.settled(event, clock.now()));
      const record = settledRecord(event, clock.now());
      if (record) tellSettled(record);
      deps.meter?.settled(event);
      observer.onSettled?.(event);
    },
    onRelayState({ relay, state }) {
      if (state.kind === 'down') down.add(keyText(relay));
      else down.delete(keyText(relay));
    },
  });
  outbox.onDropped((entry, reason) => {
    const { policy, rule } = entry.identity;
    log.warn({ id: entry.id, policy: keyText(policy), rule, reason }, 'a message was taken out of the outbox');
    count(policy, (tally) => tally.dropped(entry, reason, clock.now()));
    const record = droppedRecord(entry, reason, clock.now());
    deps.history.add(record);
    deps.meter?.dropped(record);
  });
  compactDaily({ ...deps, accounts }, signal);

  async function end(): Promise<void> {
    wakes.stop();
    await Promise.all([queue.stop(), deliverer.stop(deps.grace), work.alarms?.ended]);
    // What was settled meanwhile.
    for (const [id, { tally }] of memories) {
      const key = keys.get(id);
      if (key && !tally.isEmpty) await reconcilePolicy(key, work, deps);
    }
  }

  async function settled(): Promise<void> {
    for (;;) {
      await queue.idle();
      await work.alarms?.idle();
      const next = outbox.nextAt();
      const waiting = next !== undefined && next <= clock.now();
      if (!waiting && deliverer.underWay === 0 && wakes.isIdle()) return;
      if (signal.aborted) return;
      await clock.sleep(20, signal);
    }
  }

  const ended = new Promise<void>((resolve, reject) => {
    const stop = () => void end().then(resolve, reject);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  const webhookRule = createWebhookRules(specs, secrets);
  const alarmsChanged = () => work.alarms?.holderChanged();
  return { relayChanged, wakeAll, alarmsChanged, webhookRule, settled, ended, close: () => open.abort() };
}
