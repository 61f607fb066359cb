// Decides when a changed file has come to rest and may be read: editors and `kubectl cp` write in pieces, and a file
// read halfway is at best an error and at worst a shorter file that looks whole.
//
//   as applied ──stamp differs──► moving ──same stamp for restMs──► taken (applied)
//                                   └──still moving after longestMs──► taken as it is
import type { Stamp } from './list-tree.ts';

export interface FileChange {
  readonly path: string;
  /** How the file looks now; undefined where it is gone. */
  readonly stamp: Stamp | undefined;
}

export interface Settling {
  /** Notes how a file looks (undefined: gone). */
  observe(path: string, stamp: Stamp | undefined, now: number): void;
  /** Takes a file as there, so that not finding it is a change although it was never seen. */
  assume(path: string): void;
  /** Paths that are known, moving ones included. */
  known(): Iterable<string>;
  /** What has come to rest, each change once. */
  take(now: number): FileChange[];
  /** When `take` may next give something; undefined while all rests. */
  nextRest(): number | undefined;
}

export interface SettlingTimes {
  readonly restMs: number;
  readonly longestMs: number;
}

export function createSettling({ restMs, longestMs }: SettlingTimes): Settling {
  const applied = new Map<string, Stamp>();
  const moving = new Map<string, Moving>();
  const due = ({ seenAt, movingSince }: Moving) => Math.min(seenAt + restMs, movingSince + longestMs);

  return {
    observe(path, stamp, now) {
      const before = moving.get(path);
      if (before ? before.stamp === stamp : applied.get(path) === stamp) return;
      if (applied.get(path) === stamp) moving.delete(path);
      else moving.set(path, { stamp, seenAt: now, movingSince: before?.movingSince ?? now });
    },
    assume(path) {
      if (!applied.has(path)) applied.set(path, 'assumed');
    },
    known: () => new Set([...applied.keys(), ...moving.keys()]),
    take(now) {
      const changes = [...moving].filter(([, move]) => due(move) <= now);
      for (const [path, { stamp }] of changes) {
        moving.delete(path);
        if (stamp === undefined) applied.delete(path);
        else applied.set(path, stamp);
      }
      return changes.map(([path, { stamp }]) => ({ path, stamp }));
    },
    nextRest() {
      return moving.size === 0 ? undefined : Math.min(...[...moving.values()].map(due));
    },
  };
}

interface Moving {
  readonly stamp: Stamp | undefined;
  readonly seenAt: number;
  readonly movingSince: number;
}
