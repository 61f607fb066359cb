// How much one relay is trusted with just now. After a failure to connect it rests, longer each time; then one connection
// tries it, and what may go at once doubles with each message that goes through: a server that comes back after hours is
// not met by everything that waited. Holds no clock and no socket.
//
//     starting ──sent──► ramping up ──sent…──► all connections
//        ▲                   │ no connection, none open
//        └───rest is over────┴─────────► down (5 s … 1 min)
import type { Failure } from '../../smtp/failure.ts';

export interface LaneHealth {
  /** Connections that may be open now. */
  allowed(now: number): number;
  /** Why it rests, while it does. */
  down(now: number): Failure | undefined;
  readonly isDown: boolean;
  /** When it may be tried again; 0 where it does not rest. */
  readonly restsUntil: number;
  /** A message was answered by the server. */
  sent(): void;
  /** The server asks for less. */
  slowDown(): void;
  connected(): void;
  /** No connection; `open` others work still. */
  notConnected(failure: Failure, facts: { readonly open: number; readonly now: number; readonly random: number }): void;
}

const shortestRest = 5_000;
const longestRest = 60_000;
/** A server that refused one more connection is not asked for it again for so long. */
const ceilingHolds = 60_000;

export function createLaneHealth(most: number): LaneHealth {
  let ramp = 1;
  let ceiling = { connections: most, until: 0 };
  let rest: { failure: Failure; until: number } | undefined;
  let failures = 0;
  return {
    allowed: (now) => Math.min(most, ramp, now < ceiling.until ? ceiling.connections : most),
    down: (now) => (rest && now < rest.until ? rest.failure : undefined),
    get isDown() {
      return rest !== undefined;
    },
    get restsUntil() {
      return rest?.until ?? 0;
    },
    sent() {
      ramp = Math.min(most, ramp * 2);
    },
    slowDown() {
      ramp = Math.max(1, Math.floor(ramp / 2));
    },
    connected() {
      rest = undefined;
      failures = 0;
    },
    notConnected(failure, { open, now, random }) {
      if (open > 0) {
        ceiling = { connections: open, until: now + ceilingHolds };
        return;
      }
      ramp = 1;
      const length = Math.min(longestRest, shortestRest * 2 ** failures);
      failures += 1;
      rest = { failure, until: now + length * (0.8 + 0.4 * random) };
    },
  };
}
