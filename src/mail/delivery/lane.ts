// The way to one relay: a few connections that several messages share, within the relay's limits. Connections are opened
// one after the other, so that a wrong password is tried once and not once a connection.
import type { Failure } from '../../smtp/failure.ts';
import type { OpenedSession } from '../../smtp/session/open-session.ts';
import type { Session } from '../../smtp/session/session.ts';
import { createLaneHealth } from './lane-health.ts';
import type { DeliveryRelay } from './relay-directory.ts';
import { createTokenBucket } from './token-bucket.ts';

export interface LaneDeps {
  readonly open: (relay: DeliveryRelay) => Promise<OpenedSession>;
  readonly now: () => number;
  readonly random: () => number;
  /** Milliseconds after which a connection that nobody uses is closed. */
  readonly idleTime: number;
  /** Told at each connection, and whenever none can be had. */
  readonly onState: (state: LaneState) => void;
}

export type LaneState = { readonly kind: 'up' } | { readonly kind: 'down'; readonly failure: Failure };

export type Taken =
  | { readonly kind: 'session'; readonly session: Session; readonly reused: boolean }
  /** No connection can be had. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Others come first, or the program stops: try again at this time. */
  | { readonly kind: 'busy'; readonly until: number };

/** What using a session showed: the server talked, asked for less, or was gone. */
export type Used = 'sent' | 'slowDown' | 'unused';

export interface Lane {
  readonly relay: DeliveryRelay;
  /** Waits a moment where it must. Whoever gets a session gives it back. */
  take(): Promise<Taken>;
  giveBack(session: Session, used: Used): void;
  /** A fresh connection that was gone before the message: the relay rests. */
  failed(failure: Failure): void;
  /** How many messages can be under way or wait here at a time; 0 while it rests. */
  readonly capacity: number;
  /** How many more messages make sense here: while it rests or was not reached again, few; else any number. */
  readonly spare: number;
  /** When it may be tried again; 0 where it does not rest. */
  readonly restsUntil: number;
  /** Nobody has a session of it, waits for one or may come for one that is still open. */
  readonly isUnused: boolean;
  /** Gives up connections as they come free, and sends everybody away who waits. */
  close(): Promise<void>;
}

interface Waiter {
  readonly tell: (taken: Taken) => void;
  /** It has waited for as long as anybody may. */
  late: boolean;
}

/** Who has waited longer than this comes back later, so that no lease runs out here. */
const longestWait = 60_000;
/** Who would have to wait longer than this for the relay's limit comes back later, too. */
const longestForRate = 5_000;
/** Places to wait for each connection: enough to read the next ones together while these are sent. */
const placesEach = 8;

export function createLane(relay: DeliveryRelay, deps: LaneDeps): Lane {
  const { now, random } = deps;
  const health = createLaneHealth(relay.limits.maxConnections);
  const bucket = createTokenBucket(relay.limits.messagesPerMinute);
  const waiters: Waiter[] = [];
  let pace = 0;
  const idle = new Map<Session, NodeJS.Timeout>();
  const closings = new Set<Promise<void>>();
  const since = new WeakMap<Session, number>();
  let inUse = 0;
  let opening = false;
  let closed = false;
  let nextTurn = 0;
  let timer: NodeJS.Timeout | undefined;

  function grant(): void {
    clearTimeout(timer);
    while (waiters.length > 0) {
      const failure = health.down(now());
      if (failure) {
        sendAway({ kind: 'failed', failure });
        return;
      }
      const session = firstIdle();
      if (inUse >= health.allowed(now()) || (!session && opening)) return;
      const wait = bucket.wait(now());
      if (wait > 0) {
        timer = setTimeout(grant, wait);
        return;
      }
      const waiter = waiters.shift();
      if (!waiter) return;
      bucket.take(now());
      inUse += 1;
      if (session) lend(takeIdle(session), waiter, true);
      else void open(waiter);
    }
  }

  function lend(session: Session, waiter: Waiter, reused: boolean): void {
    since.set(session, now());
    waiter.tell({ kind: 'session', session, reused });
  }

  async function open(waiter: Waiter): Promise<void> {
    opening = true;
    const opened = await deps.open(relay);
    opening = false;
    if (opened.kind === 'open') {
      deps.onState({ kind: 'up' });
      health.connected();
      lend(opened.session, waiter, false);
    } else {
      inUse -= 1;
      bucket.giveBack();
      if (closed) waiter.tell({ kind: 'busy', until: now() });
      else notConnected(opened.failure, waiter);
    }
    grant();
  }

  /** Where other connections work, one of those will do. */
  function notConnected(failure: Failure, waiter: Waiter): void {
    rest(failure);
    if (health.down(now())) waiter.tell({ kind: 'failed', failure });
    else if (waiter.late) waiter.tell({ kind: 'busy', until: turn() });
    else waiters.unshift(waiter);
  }

  function rest(failure: Failure): void {
    health.notConnected(failure, { open: inUse + idle.size, now: now(), random: random() });
    if (health.isDown) deps.onState({ kind: 'down', failure });
  }

  function sendAway(taken: Taken): void {
    for (const waiter of waiters.splice(0)) waiter.tell(taken);
  }

  function firstIdle(): Session | undefined {
    // The one that was used last: the others run into their idle time and are closed.
    return [...idle.keys()].at(-1);
  }

  function takeIdle(session: Session): Session {
    clearTimeout(idle.get(session));
    idle.delete(session);
    return session;
  }

  function discard(session: Session): void {
    const closing = takeIdle(session).close();
    closings.add(closing);
    void closing.finally(() => closings.delete(closing));
  }

  /** Later than all who were told so before, at the pace that the relay has. */
  function turn(): number {
    const each = Math.max(bucket.interval, pace, 1);
    nextTurn = Math.max(nextTurn, now() + waiters.length * each) + each;
    return Math.round(nextTurn);
  }

  function capacity(): number {
    const byRate = bucket.interval === 0 ? Number.POSITIVE_INFINITY : Math.ceil(longestForRate / bucket.interval);
    const each = health.isDown ? 1 : placesEach;
    return Math.min(health.allowed(now()) * (1 + each), Math.max(1, byRate));
  }

  function wait(): Promise<Taken> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        waiter.late = true;
        const place = waiters.indexOf(waiter);
        // Without a place a connection is being opened for it, and it has to take it.
        if (place === -1) return;
        waiters.splice(place, 1);
        resolve({ kind: 'busy', until: turn() });
      }, longestWait);
      const waiter: Waiter = {
        late: false,
        tell(taken) {
          clearTimeout(timer);
          resolve(taken);
        },
      };
      waiters.push(waiter);
      grant();
    });
  }

  return {
    relay,
    get capacity() {
      return health.down(now()) || closed ? 0 : capacity();
    },
    get spare() {
      if (!health.isDown) return Number.POSITIVE_INFINITY;
      return health.down(now()) ? 0 : Math.max(0, capacity() - inUse - waiters.length);
    },
    get restsUntil() {
      return health.restsUntil;
    },
    get isUnused() {
      return inUse + waiters.length + idle.size === 0;
    },
    take() {
      if (closed) return Promise.resolve({ kind: 'busy', until: now() });
      const before = inUse + waiters.length;
      if (before > 0 && before >= capacity()) return Promise.resolve({ kind: 'busy', until: turn() });
      return wait();
    },
    giveBack(session, used) {
      const connections = inUse;
      inUse -= 1;
      pace = paceAfter(pace, (now() - (since.get(session) ?? now())) / connections);
      if (used === 'unused') bucket.giveBack();
      else health[used]();
      if (session.ended || closed) discard(session);
      else
        idle.set(
          session,
          setTimeout(() => discard(session), deps.idleTime),
        );
      grant();
    },
    failed: rest,
    async close() {
      closed = true;
      clearTimeout(timer);
      sendAway({ kind: 'busy', until: now() });
      for (const session of [...idle.keys()]) discard(session);
      await Promise.all(closings);
    },
  };
}

/** Milliseconds between two messages: the last few count most. */
function paceAfter(before: number, last: number): number {
  return before === 0 ? last : 0.8 * before + 0.2 * last;
}
