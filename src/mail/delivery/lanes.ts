// One lane a relay, and how many messages make sense in hand with what they take just now.
import { type Key, keyText } from '../../api/resource.ts';
import { createLane, type Lane, type LaneDeps, type LaneState } from './lane.ts';
import type { DeliveryRelay } from './relay-directory.ts';

export interface RelayState {
  readonly relay: Key;
  readonly state: LaneState;
}

export interface Lanes {
  /** A relay that was edited gets a new one. */
  laneTo(relay: DeliveryRelay): Lane;
  /**
   * How many more messages to take in hand; none while every relay rests, so that they stay as they are. Asked at least once a
   * minute: lanes that nobody used for longer go then, and with them what the relay's Secrets held.
   */
  room(underWay: number): number;
  /** Of `Lane.spare`; any number where it has no lane yet. */
  spare(relay: Key): number;
  /** When a relay that rests may be tried again; a time that has passed where none rests but one was not reached again. */
  nextChance(): number | undefined;
  close(): Promise<void>;
}

/** While no relay is known yet. */
const forFirst = 4;
/** By then what a lane knows of its relay's limits and rests is over. */
const unusedFor = 120_000;

export function createLanes(
  deps: Omit<LaneDeps, 'onState'> & { readonly onState: (state: RelayState) => void },
): Lanes {
  const lanes = new Map<string, Lane>();
  const usedAt = new Map<Lane, number>();
  const closings = new Set<Promise<void>>();
  /** Told to be down, and not told to be up since: only changes are told, and a lane may go in between. */
  const down = new Set<string>();
  let closed = false;

  function tell(relay: Key, state: LaneState): void {
    const name = keyText(relay);
    const isDown = state.kind === 'down';
    if (isDown === down.has(name)) return;
    if (isDown) down.add(name);
    else down.delete(name);
    deps.onState({ relay, state });
  }

  function close(lane: Lane): void {
    const closing = lane.close();
    closings.add(closing);
    void closing.finally(() => closings.delete(closing));
  }

  function discard(name: string, lane: Lane): void {
    lanes.delete(name);
    usedAt.delete(lane);
    close(lane);
  }

  function discardUnused(): void {
    const now = deps.now();
    for (const [name, lane] of lanes) {
      if (!lane.isUnused) usedAt.set(lane, now);
      else if (now - (usedAt.get(lane) ?? now) > unusedFor) discard(name, lane);
    }
  }

  return {
    laneTo(relay) {
      const name = keyText(relay.key);
      const known = lanes.get(name);
      if (known) usedAt.set(known, deps.now());
      if (known?.relay.revision === relay.revision) return known;
      if (known) discard(name, known);
      const lane = createLane(relay, { ...deps, onState: (state) => tell(relay.key, state) });
      lanes.set(name, lane);
      usedAt.set(lane, deps.now());
      if (closed) close(lane);
      return lane;
    },
    room(underWay) {
      discardUnused();
      const capacities = [...lanes.values()].map(({ capacity }) => capacity);
      if (capacities.length > 0 && capacities.every((capacity) => capacity === 0)) return 0;
      const whole = capacities.reduce((sum, capacity) => sum + capacity, lanes.size === 0 ? forFirst : 0);
      const room = whole - underWay;
      // Several at a time cost an outbox less than one by one.
      return 3 * room >= whole ? room : 0;
    },
    spare: (relay) => lanes.get(keyText(relay))?.spare ?? Number.POSITIVE_INFINITY,
    nextChance() {
      const rests = [...lanes.values()].map(({ restsUntil }) => restsUntil).filter((until) => until > 0);
      const ahead = rests.filter((until) => until > deps.now());
      return rests.length === 0 ? undefined : Math.min(...(ahead.length === 0 ? rests : ahead));
    },
    async close() {
      closed = true;
      for (const lane of lanes.values()) close(lane);
      await Promise.all(closings);
    },
  };
}
