// Runs the alarm rules of all policies while this replica may: rounds, woken by what comes in and by the clock. All that
// it knows can be lost at any moment; the journal, the inbox and the outbox have it.
import type { AlarmBookView } from '../../alarms/alarm-book.ts';
import { type Key, keyText } from '../../api/resource.ts';
import type { PolicyDeps } from '../policy-deps.ts';
import type { PolicySpecs } from '../policy-specs.ts';
import type { PolicyScene } from '../read-policy.ts';
import type { RelayBook } from '../relay-book.ts';
import type { AlarmDeps } from './alarm-deps.ts';
import { ruleKey } from './alarm-journal.ts';
import { alarmRound, retryAfter } from './alarm-round.ts';
import type { AlarmRunner } from './alarm-runner.ts';
import { type AlarmTerm, endTerm, loadTerm, takeTermChanges } from './alarm-term.ts';
import type { AlarmTools } from './alarm-tools.ts';
import { createTroubles } from './alarm-troubles.ts';
import { createLastResort } from './last-resort.ts';
import { createNotToldList } from './not-told.ts';
import { alarmRuleFacts } from './rule-facts.ts';
import type { RunningRule } from './running-rule.ts';

export interface AlarmRunnerDeps
  extends Pick<PolicyDeps, 'store' | 'relays' | 'outbox' | 'settings' | 'clock' | 'log' | 'random'> {
  readonly alarms: AlarmDeps;
  readonly specs: PolicySpecs;
  readonly book: RelayBook;
  /** This process reaches no relay of that name just now. */
  readonly isDown: (relay: Key) => boolean;
  /** What a policy's status says of its alarm rules may have changed. */
  readonly changed: (policy: Key) => void;
}

/** Where another holds the lease, `holderChanged` wakes it. */
const whileNotHolder = 60_000;

/** The policies must be listed. */
export function createAlarmRunner(deps: AlarmRunnerDeps, signal: AbortSignal): AlarmRunner {
  const { alarms, clock, log, store } = deps;
  const scenes = new Map<string, PolicyScene>();
  const lookedAt = new Set<string>();
  const troubles = createTroubles(log);
  let term: AlarmTerm | undefined;
  let sleep = new AbortController();
  let woken = true;
  let resting = false;
  let restsUntil = 0;
  let onIdle: (() => void)[] = [];

  /** Of books as they were when something was last decided: of thousands of groups a view is not made for each mail sent. */
  const views = new WeakMap<RunningRule, AlarmBookView>();
  const holds = () => !signal.aborted && alarms.mayAlarm();
  const tools: AlarmTools = {
    ...deps,
    changed(policy) {
      for (const running of term?.rules.values() ?? []) {
        if (keyText(running.policy) === keyText(policy)) views.delete(running);
      }
      deps.changed(policy);
    },
    scene: (policy) => scenes.get(keyText(policy)),
    isLookedAt: (policy) => lookedAt.has(keyText(policy)),
    notTold: createNotToldList(deps),
    wake,
    holds,
  };

  const lastResort = createLastResort(tools, signal);

  function wake(): void {
    woken = true;
    sleep.abort('there is something to do');
  }

  function lookAt(policy: Key): void {
    term?.dirty.set(keyText(policy), policy);
    wake();
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      woken = false;
      sleep = new AbortController();
      const wait = await step();
      await rest(wait);
    }
    await stop();
  }

  async function rest(wait: number): Promise<void> {
    if (!woken && wait > 0) {
      restsUntil = clock.monotonic() + wait;
      setResting(true);
      await clock.sleep(wait, sleep.signal);
      setResting(false);
    }
    const untilWrite = (term?.writtenAt ?? Number.NEGATIVE_INFINITY) + alarms.minRound - clock.monotonic();
    if (untilWrite > 0) await clock.sleep(untilWrite, signal);
  }

  function isIdle(): boolean {
    return signal.aborted || (resting && !woken && clock.monotonic() < restsUntil);
  }

  function setResting(value: boolean): void {
    resting = value;
    if (!resting) return;
    for (const resolve of onIdle) resolve();
    onIdle = [];
  }

  /** Gives how long there is nothing to do. */
  async function step(): Promise<number> {
    if (!holds()) {
      forget();
      return whileNotHolder;
    }
    try {
      term ??= await begin();
      const result = await alarmRound(term, { tools, troubles, lastResort });
      if (result.kind === 'done') return result.wait;
      if (result.kind === 'lost') log.warn({}, 'another replica runs the alarm rules; this one stops');
      forget();
      return result.kind === 'lost' ? retryAfter : 0;
    } catch (error) {
      // What it knew may be half of the truth: the journal has the whole one.
      forget();
      troubles.tell('the rules cannot be run', error instanceof Error ? (error.stack ?? error.message) : String(error));
      return retryAfter;
    }
  }

  async function begin(): Promise<AlarmTerm> {
    const loaded = await loadTerm(alarms.openJournal(), store.listPolicies());
    troubles.tell('the rules cannot be run', undefined);
    return loaded;
  }

  function forget(): void {
    if (term) endTerm(term);
    tools.notTold.drop();
    term = undefined;
  }

  /** What a successor would do once more, for nothing. */
  async function stop(): Promise<void> {
    setResting(true);
    const last = term;
    forget();
    await tools.notTold.settled();
    if (!last || !alarms.mayAlarm()) return;
    const changes = await takeTermChanges(last);
    if (changes.size > 0) await last.journal.write(changes);
  }

  alarms.inbox.onArrival(wake);
  signal.addEventListener('abort', wake, { once: true });
  const ended = run();
  return {
    adopt(scene) {
      const before = scenes.get(keyText(scene.key));
      scenes.set(keyText(scene.key), scene);
      lookedAt.add(keyText(scene.key));
      if (before?.stored.manifest !== scene.stored.manifest || before?.relays.length !== scene.relays.length)
        lookAt(scene.key);
    },
    leave(key) {
      scenes.delete(keyText(key));
      lookedAt.add(keyText(key));
      lookAt(key);
    },
    relayChanged() {
      for (const { sources } of term?.rules.values() ?? []) sources.lookAgain();
      wake();
    },
    holderChanged: wake,
    facts(policy, name) {
      const running = term?.rules.get(ruleKey({ policy, rule: name }));
      if (!running) return undefined;
      const { book, problems, sources } = running;
      const view = views.get(running) ?? book.view(clock.now());
      views.set(running, view);
      return alarmRuleFacts(view, [...problems.values(), ...sources.problems()]);
    },
    idle: () => new Promise((resolve) => (isIdle() ? resolve() : onIdle.push(resolve))),
    ended,
  };
}
