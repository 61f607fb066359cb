// Random numbers that can be had again: the seed is printed, and RELAYKEEPER_SEED sets it.

export interface Chance {
  readonly seed: number;
  /** 0 to 1, without 1. */
  next(): number;
  /** A whole number below this. */
  below(limit: number): number;
}

export function seeded(what: string): Chance {
  const seed = Number(process.env.RELAYKEEPER_SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stderr.write(`${what}: RELAYKEEPER_SEED=${seed}\n`);
  let state = seed;
  const next = () => {
    // Numerical Recipes' generator: its low bits are poor, its high ones, which count here, are not.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return { seed, next, below: (limit) => Math.floor(next() * limit) };
}

/** RELAYKEEPER_KILLS asks for the whole form: `npm run test:faults`. */
export const kills = Number(process.env.RELAYKEEPER_KILLS ?? 4);
export const isWhole = process.env.RELAYKEEPER_KILLS !== undefined;
