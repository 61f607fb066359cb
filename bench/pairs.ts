// Measures two things in turns, so that whatever else the machine does meets both.

export type Measure = () => Promise<number>;

export interface Measured {
  readonly ours: number;
  readonly peer: number | undefined;
  /** The median of each pair's ours / peer: steadier than the ratio of the medians where the machine's speed drifts. */
  readonly ratio: number | undefined;
}

/** Every other pair starts with the peer. */
export async function inPairs(ours: Measure, peer: Measure | undefined, pairs: number): Promise<Measured> {
  const results: { ours: number; peer: number | undefined }[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    if (pair % 2 === 0) {
      const first = await ours();
      results.push({ ours: first, peer: await peer?.() });
    } else {
      const first = await peer?.();
      results.push({ ours: await ours(), peer: first });
    }
  }
  return {
    ours: median(results.map((result) => result.ours)),
    peer: peer && median(results.map((result) => result.peer ?? Number.NaN)),
    ratio: peer && median(results.map((result) => result.ours / (result.peer ?? Number.NaN))),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
