// Takes messages out of the outbox and brings them to their relays, as many at a time as those take. A stop leases
// nothing more, gives back what waits, and lets what is under way end within the grace period.
import type { LogFields } from '../../api/log-fields.ts';
import type { Key } from '../../api/resource.ts';
import { keyText } from '../../api/resource.ts';
import { openSession, type SessionDeps } from '../../smtp/session/open-session.ts';
import type { Clock } from '../../store/clock.ts';
import { messageIdIn } from '../compose/message-id-in.ts';
import type { Lease, Outbox, OutboxEntry, Settlement } from '../outbox/outbox.ts';
import { deliverMessage, type Keeping, type StillWanted } from './deliver-message.ts';
import { type Availability, createHold } from './hold-back.ts';
import { createLanes, type RelayState } from './lanes.ts';
import { openWithLogin } from './open-with-login.ts';
import type { Delivered } from './outcome.ts';
import type { LoginMemory, RelayDirectory } from './relay-directory.ts';
import { settleFirmly } from './settle-firmly.ts';

export interface DelivererDeps {
  readonly outbox: Outbox;
  readonly directory: RelayDirectory;
  /** Messages none of whose relays may be asked stay in the outbox untouched; absent: each may be. */
  readonly availability?: Availability;
  readonly logins: LoginMemory;
  readonly stillWanted: StillWanted;
  readonly tokens: SessionDeps['tokens'];
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly log: DeliveryLog;
  readonly onSettled: (event: Settled) => void;
  readonly onRelayState: (state: RelayState) => void;
  /** Milliseconds that a message may be held by this process; longer than any relay's wait after the final dot. */
  readonly leaseFor?: number;
  readonly idleTime?: number;
  /**
   * How many messages may be sent, written and not yet sure to last, beside one for each connection; 64 when absent. More
   * is faster with a slow disk, and as many more may arrive twice after a crash of the machine; not of the process.
   */
  readonly ahead?: number;
  readonly dnsServers?: readonly string[];
}

/** One line an occurrence; never an address or a secret. */
export interface DeliveryLog {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
}

export interface Settled {
  readonly entry: OutboxEntry;
  /** The Message-ID of the header. */
  readonly messageId: string | undefined;
  readonly settlement: Settlement;
  /** The relay that it was about; undefined where none was asked. */
  readonly relay: Key | undefined;
  /** Why it was not accepted. */
  readonly reason: string | undefined;
  /** Lost between the final dot and its reply: a retry may double it. */
  readonly unknown: boolean;
}

export interface Deliverer {
  /** Milliseconds that messages under way have to end. Resolves once nothing is under way. */
  stop(grace: number): Promise<void>;
  readonly underWay: number;
}

const minute = 60_000;

export function createDeliverer(deps: DelivererDeps): Deliverer {
  const { outbox, clock, log, leaseFor = 20 * minute, idleTime = 30_000, ahead = 64, availability = always } = deps;
  const stopping = new AbortController();
  const cut = new AbortController();
  /** Messages that are being settled, whether a connection still waits for that or not. */
  const keeping = new Set<Promise<void>>();
  const underWay = new Set<Promise<void>>();
  let wake = new AbortController();
  // A reason of our own: the default one is an exception with a stack, made anew for each message.
  const poke = () => wake.abort('there is something to do');

  const lanes = createLanes({
    open: openWithLogin({
      logins: deps.logins,
      now: clock.now,
      open: ({ target }, beforeLogin) => {
        const { signal } = stopping;
        return openSession(target, { ...deps, beforeLogin, now: clock.now, signal, cut: cut.signal });
      },
    }),
    now: clock.now,
    random: deps.random,
    idleTime,
    onState(state) {
      tellRelayState(state, log);
      deps.onRelayState(state);
    },
  });
  outbox.onReady(poke);
  availability.onChange(poke);
  const pumping = pump();

  async function pump(): Promise<void> {
    while (!stopping.signal.aborted) {
      wake = new AbortController();
      const limit = lanes.room(underWay.size);
      const leasedAt = clock.now();
      const hold = createHold({ availability, lanes, directory: deps.directory });
      const leases = limit > 0 ? await outbox.lease({ now: leasedAt, limit, leaseFor, hold }) : [];
      for (const lease of leases) begin(lease, leasedAt);
      if (leases.length < limit || limit === 0) await clock.sleep(untilNext(limit), wake.signal);
    }
  }

  /** What is due and was not leased is held by another: it is looked at again in a second. */
  function untilNext(limit: number): number {
    const now = clock.now();
    const chance = lanes.nextChance() ?? Number.POSITIVE_INFINITY;
    if (limit === 0) return wait(chance - now);
    // What waits for a relay that rests is not what the outbox says.
    const due = outbox.nextAt() ?? Number.POSITIVE_INFINITY;
    return wait(Math.min(due, chance > now ? chance : due) - now);
  }

  function begin(lease: Lease, leasedAt: number): void {
    const work = deliver(lease, leasedAt).finally(() => {
      underWay.delete(work);
      // A relay that rests is to be looked at in time; else there is nothing to do before there is room for several.
      if (lanes.nextChance() !== undefined || lanes.room(underWay.size) > 0) poke();
    });
    underWay.add(work);
  }

  async function deliver(lease: Lease, leasedAt: number): Promise<void> {
    const leaseEnds = leasedAt + leaseFor;
    const kept = await deliverMessage(
      { lease, leaseEnds },
      {
        ...deps,
        laneTo: lanes.laneTo,
        now: clock.now,
        keep: (delivered) => keep(lease, leaseEnds, delivered),
        mayGoAhead,
      },
    );
    if (!mayGoAhead()) await kept.done;
  }

  function mayGoAhead(): boolean {
    return keeping.size <= ahead;
  }

  function keep(lease: Lease, until: number, delivered: Delivered): Keeping {
    const written = Promise.withResolvers<void>();
    const done = settle(lease, delivered, { until, onWritten: written.resolve }).finally(() => keeping.delete(done));
    keeping.add(done);
    return { done, written: Promise.race([written.promise, done]) };
  }

  async function settle(
    lease: Lease,
    delivered: Delivered,
    { until, onWritten }: { until: number; onWritten: () => void },
  ): Promise<void> {
    const { entry } = lease;
    const outcome = await settleFirmly(lease, delivered.settlement, { clock, until, signal: cut.signal, onWritten });
    if (delivered.settlement.kind === 'dropped') {
      log.warn({ id: entry.id, reason: delivered.reason }, 'a message was dropped');
    }
    if (delivered.unknown) {
      log.warn({ id: entry.id }, 'a connection was lost before the reply to a message: it may arrive twice');
    }
    // Whoever settles it in the end tells of it.
    if (outcome === 'settled') deps.onSettled(settled(lease, delivered));
    else log.warn({ id: entry.id, outcome }, 'what became of a message could not be kept');
  }

  return {
    get underWay() {
      return underWay.size + keeping.size;
    },
    async stop(grace) {
      stopping.abort('had not answered when the operator was stopped');
      poke();
      const timer = setTimeout(() => cut.abort('had not answered when the grace period ended'), grace);
      await Promise.all([pumping, lanes.close()]);
      await Promise.all(underWay);
      await Promise.all(keeping);
      await lanes.close();
      clearTimeout(timer);
    },
  };
}

function wait(milliseconds: number): number {
  return milliseconds > 0 ? Math.min(minute, milliseconds) : 1_000;
}

const always: Availability = { mayAsk: () => true, onChange: () => undefined };

function settled({ entry, raw }: Lease, { settlement, relay, reason, unknown }: Delivered): Settled {
  return { entry, messageId: messageIdIn(raw), settlement, relay, reason, unknown: unknown === true };
}

function tellRelayState({ relay, state }: RelayState, log: DeliveryLog): void {
  const name = keyText(relay);
  if (state.kind === 'up') log.info({ relay: name }, 'the relay takes mail again');
  else log.warn({ relay: name, reason: state.failure.reason }, `no connection to the relay: ${state.failure.what}`);
}
