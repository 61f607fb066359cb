// Alarm rules over real engines in a directory, at a driven clock; the process can be killed between any two effects.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { encodeRequest } from '../../src/alarms/intake/inbox-request.ts';
import type { IncomingAlarm } from '../../src/alarms/intake/incoming-alarm.ts';
import { keyText } from '../../src/api/resource.ts';
import { parsePolicy } from '../../src/api/validate-policy.ts';
import { openDirectoryMail } from '../../src/cli/directory-mail.ts';
import type { Outbox, OutboxEntry } from '../../src/mail/outbox/outbox.ts';
import type { AlarmDeps } from '../../src/policies/alarms/alarm-deps.ts';
import type { AlarmRunner } from '../../src/policies/alarms/alarm-runner.ts';
import { createAlarmRunner } from '../../src/policies/alarms/run-alarms.ts';
import { createPolicySpecs } from '../../src/policies/policy-specs.ts';
import { readPolicy } from '../../src/policies/read-policy.ts';
import { createCheckTemplate } from '../../src/policies/rule-templates.ts';
import type { AlarmStore, ClusterEvent } from '../../src/store/alarm-store.ts';
import { type Clock, systemClock } from '../../src/store/clock.ts';
import { createFileSegments } from '../../src/store/directory/file-segments.ts';
import { openSegmentInbox } from '../../src/store/inbox/open-segment-inbox.ts';
import type { Inbox } from '../../src/store/inbox.ts';
import { openJournal } from '../../src/store/journal/open-journal.ts';
import type { PolicyStore, StoredResource } from '../../src/store/policy-store.ts';
import type { Segments } from '../../src/store/segments.ts';
import { newFolders } from '../store/directory/opened-store.ts';
import { policy } from './operating.ts';

const noon = Date.UTC(2026, 10, 24, 12);

export interface AlarmWorld {
  readonly outbox: Outbox;
  readonly runner: () => AlarmRunner;
  /** What the log said, and each Event on the policy. */
  readonly told: readonly string[];
  readonly clock: Clock;
  /** How often the journal was written. */
  writes(): number;
  put(alarms: readonly IncomingAlarm[], to?: { readonly rule?: string; readonly policy?: string }): Promise<void>;
  /** Lets time pass; all that is due is done by then, unless the process died on its way. */
  pass(milliseconds: number): Promise<void>;
  /** The process dies before or after so many more effects. */
  dieAfter(effects: number): void;
  readonly dead: boolean;
  /** Another process, that knows nothing but what is on disk. */
  restart(): Promise<void>;
  /** Nothing can be removed from the inbox, or again it can. */
  stick(stuck: boolean): void;
  /** The journal cannot be written, or again it can. */
  breakJournal(broken: boolean): void;
  /** The outbox is full, or has room again. */
  fill(full: boolean): void;
  /** The clock on the wall is set back. */
  setBack(milliseconds: number): void;
  /** The lease is another's, or is held again. */
  hold(held: boolean): void;
  declare(spec: object | undefined): Promise<void>;
  /** The store has it, and nobody has looked at it yet. */
  declareUnseen(spec: object): void;
  event(event: Partial<ClusterEvent>): void;
  resource(resource: StoredResource): void;
  mails(): Promise<readonly OutboxEntry[]>;
  inboxSize(): number;
}

export interface WorldOptions {
  readonly spec: object;
  readonly minRound?: number;
  readonly namespaces?: PolicyStore['namespaces'];
  readonly accounts?: PolicyStore['accounts'];
  readonly recordPolicyEvent?: PolicyStore['recordPolicyEvent'];
}

const key = { namespace: 'mail', name: 'guests' };
const outboxIsFull = { kind: 'full', message: 'The outbox is full.' } as const;

export async function alarmWorld(options: WorldOptions): Promise<AlarmWorld> {
  const { stateDirectory } = newFolders();
  const time = drivenTime();
  const clock = time.clock;
  const told: string[] = [];
  const problem = ({ message }: { readonly message: string | undefined }) => void (message && told.push(message));
  const mail = await openDirectoryMail({
    stateDirectory,
    clock: { ...systemClock, now: clock.now },
    random: () => 0.5,
    problem,
  });
  if (mail.kind === 'failed') throw new Error(mail.message);
  let writes = 0;
  let generation = 0;
  const known = new Map<string, StoredResource>();
  let stuck = false;
  let full = false;
  let broken = false;
  let stored: ReturnType<PolicyStore['getPolicy']>;
  const feeds = {
    events: new Set<(event: ClusterEvent) => void>(),
    resources: new Set<(one: StoredResource) => void>(),
  };
  let life = newLife();
  let opened = await openInbox();
  let runner: AlarmRunner;

  function newLife() {
    return {
      stop: new AbortController(),
      died: Promise.withResolvers<void>(),
      left: Number.POSITIVE_INFINITY,
      dead: false,
      held: true,
    };
  }

  /** One effect of the process: it may die before it, or before it knows of it. */
  async function effect<Result>(of: typeof life, work: () => Promise<Result>): Promise<Result> {
    await orDie(of);
    const result = await work();
    await orDie(of);
    return result;
  }

  async function orDie(of: typeof life): Promise<void> {
    of.left -= 1;
    if (of.left < 0 && !of.dead) {
      of.dead = true;
      of.died.resolve();
    }
    if (of.dead) await new Promise(() => undefined);
  }

  async function openInbox(): Promise<Inbox> {
    return openSegmentInbox(createFileSegments(join(stateDirectory, 'inbox')), {
      clock: { ...systemClock, now: clock.now },
      problem,
    });
  }

  function start(): AlarmRunner {
    const mine = life;
    const segments = mortal(createFileSegments(join(stateDirectory, 'alarms')), mine);
    const store = storeOf();
    const alarms: AlarmDeps = {
      openJournal: () => openJournal(segments, { prefix: 'alarms', clock, problem }),
      inbox: { ...opened, read: opened.read, remove: (names) => effect(mine, () => removeFromInbox(names)) },
      sources: sources(),
      mayAlarm: () => mine.held && !mine.dead,
      minRound: options.minRound ?? 0,
    };
    return createAlarmRunner(
      {
        alarms,
        store,
        clock,
        random: () => 0.5,
        relays: { list: () => [], get: () => undefined, read: async () => ({ kind: 'missing' }) },
        outbox: {
          ...(mail.kind === 'opened' ? mail.outbox : never()),
          accept: (message) => effect(mine, async () => (full ? outboxIsFull : theOutbox().accept(message))),
        },
        settings: { statusHeartbeat: 0, ehloName: 'operator.example.com', hostName: undefined, deniedCidrs: [] },
        log: { info: say, warn: say, error: say },
        specs: createPolicySpecs(store),
        book,
        changed: () => undefined,
        isDown: () => false,
      },
      mine.stop.signal,
    );
  }

  async function removeFromInbox(names: readonly string[]): Promise<void> {
    if (stuck) throw new Error('The inbox takes no removal now.');
    await opened.remove(names);
  }

  function theOutbox(): Outbox {
    return mail.kind === 'opened' ? mail.outbox : never();
  }

  function say(fields: object, message: string): void {
    told.push(`${message} ${JSON.stringify(fields)}`);
  }

  function mortal(segments: Segments, mine: typeof life): Segments {
    return {
      list: segments.list,
      read: segments.read,
      remove: (name) => effect(mine, () => segments.remove(name)),
      create: (name, bytes) => {
        writes += 1;
        return effect(mine, async () =>
          broken
            ? { kind: 'unavailable' as const, message: 'The journal takes no write now.' }
            : segments.create(name, bytes),
        );
      },
    };
  }

  function sources(): AlarmStore {
    return {
      followEvents({ seen }, signal) {
        feeds.events.add(seen);
        signal.addEventListener('abort', () => feeds.events.delete(seen));
      },
      followResources({ changed, complete }, signal) {
        feeds.resources.add(changed);
        signal.addEventListener('abort', () => feeds.resources.delete(changed));
        for (const resource of known.values()) changed(resource);
        complete();
      },
    };
  }

  function storeOf(): PolicyStore {
    const found: Partial<PolicyStore> = {
      listPolicies: () => (stored ? [key] : []),
      getPolicy: (asked) => (keyText(asked) === keyText(key) ? stored : undefined),
      policiesComplete: () => true,
      namespaces: options.namespaces ?? (() => []),
      accounts: options.accounts ?? (() => []),
      recordPolicyEvent: options.recordPolicyEvent ?? (async ({ note }) => void told.push(`Event: ${note}`)),
    };
    return found as PolicyStore;
  }

  async function adopt(): Promise<void> {
    if (!stored) return runner.leave(key);
    const reading = await readPolicy(stored, parsePolicy(stored.manifest), {
      store: { namespaces: () => [], readTexts: async () => ({ kind: 'missing' }) },
      book,
      checkTemplate: createCheckTemplate(),
    });
    if (reading.kind === 'usable') runner.adopt(reading.scene);
    else runner.leave(key);
  }

  async function declare(spec: object | undefined): Promise<void> {
    put(spec);
    if (runner) await adopt();
  }

  function put(spec: object | undefined): void {
    generation += 1;
    const manifest = policy(spec as Record<string, unknown>);
    stored = spec && {
      metadata: { ...key, uid: 'u', generation, resourceVersion: `${generation}` },
      manifest,
      status: undefined,
    };
  }

  await declare(options.spec);
  runner = start();
  await adopt();
  onTestFinished(async () => {
    life.stop.abort();
    await opened.close();
    await mail.history.close();
    await mail.outbox.close();
  });

  return {
    outbox: mail.outbox,
    runner: () => runner,
    told,
    clock,
    writes: () => writes,
    async put(alarms, { rule = 'all', policy: name = 'guests' } = {}) {
      // Names of the inbox sort by time: no two requests of different processes come in the same millisecond here.
      time.tick();
      const body = {
        version: 1,
        namespace: 'mail',
        policy: name,
        alarm: rule,
        receivedAt: clock.now(),
        alarms,
      } as const;
      const put = await opened.put(encodeRequest(body));
      if (put.kind !== 'kept') throw new Error(put.message);
    },
    async pass(milliseconds) {
      const { died } = life;
      const rest = () => Promise.race([time.asleep(), died.promise]);
      await rest();
      await time.pass(milliseconds, rest);
    },
    dieAfter(effects) {
      life.left = effects;
    },
    get dead() {
      return life.dead;
    },
    async restart() {
      life.dead = true;
      life.died.resolve();
      life.stop.abort();
      life = newLife();
      opened = await openInbox();
      runner = start();
      await adopt();
    },
    stick(value) {
      stuck = value;
    },
    breakJournal(value) {
      broken = value;
    },
    fill(value) {
      full = value;
    },
    setBack: time.setBack,
    hold(held) {
      life.held = held;
      runner.holderChanged();
    },
    declare,
    declareUnseen: put,
    event(event) {
      for (const seen of feeds.events) seen({ ...anEvent(clock.now()), ...event });
    },
    resource(resource) {
      known.set(keyText(resource), resource);
      for (const changed of feeds.resources) changed(resource);
    },
    async mails() {
      return (await theOutbox().list()).toSorted((one, other) => one.acceptedAt - other.acceptedAt);
    },
    inboxSize: () => opened.size.records,
  };
}

function never(): never {
  throw new Error('the mail is open');
}

const relaySpec = {
  sender: { address: 'portal@example.com', name: 'Guest Portal' },
  sandbox: {},
  probe: { certificateWarningDays: 21 },
};
const knownRelay = {
  key: { namespace: 'mail', name: 'corporate' },
  stored: {},
  relay: { spec: relaySpec },
  editedAt: 0,
};
// Of a relay only these fields are looked at here.
const book = { find: () => knownRelay, all: () => [] } as never;

function anEvent(now: number): ClusterEvent {
  return {
    uid: 'e',
    namespace: 'mail',
    name: 'e',
    type: 'Warning',
    reason: 'BackOff',
    action: '',
    note: 'Back-off restarting failed container',
    regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'mail', name: 'web-0' },
    reportingController: 'kubelet',
    count: 1,
    firstSeen: now,
    lastSeen: now,
  };
}

export function incoming(name: string, more: Partial<IncomingAlarm> = {}): IncomingAlarm {
  return {
    state: 'Firing',
    labels: { alertname: name, severity: 'critical' },
    annotations: { summary: 'It is so.' },
    text: '',
    startsAt: undefined,
    endsAt: undefined,
    count: 1,
    url: undefined,
    ...more,
  };
}

/** A clock that moves when it is told to. */
function drivenTime() {
  let now = noon;
  let back = 0;
  const timers = new Set<{ readonly at: number; readonly end: () => void }>();
  let waiting: (() => void)[] = [];
  const sleep: Clock['sleep'] = (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = () => {
        timers.delete(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = { at: now + milliseconds, end };
      timers.add(timer);
      for (const tell of waiting) tell();
      waiting = [];
      signal.addEventListener('abort', end);
    });
  return {
    clock: { now: () => now - back, monotonic: () => now, sleep } satisfies Clock,
    setBack(milliseconds: number) {
      back += milliseconds;
    },
    tick() {
      now += 1;
    },
    /** Resolves once whoever goes by this clock waits for it to move. */
    asleep: () => new Promise<void>((resolve) => (timers.size > 0 ? resolve() : waiting.push(resolve))),
    async pass(milliseconds: number, rest: () => Promise<void>): Promise<void> {
      const end = now + milliseconds;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (!next) break;
        now = Math.max(now, next.at);
        next.end();
        await rest();
      }
      now = end;
    },
  };
}
