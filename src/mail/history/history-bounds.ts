// How much the delivery history keeps: a week, of a busy system less.
import type { HistoryBounds } from './tidy-history.ts';

const keepFor = 7 * 86_400_000;

export const historyBounds = {
  directory: { keepFor, records: 200_000, bytes: 32 * 1_024 * 1_024 },
  /** An etcd is shared with others. */
  cluster: { keepFor, records: 200_000, bytes: 4 * 1_024 * 1_024 },
} as const satisfies Readonly<Record<string, HistoryBounds>>;
