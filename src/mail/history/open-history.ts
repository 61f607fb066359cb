// The writer of the delivery history: off the path of delivery, one write for all that came together.
import { errorText } from '../../api/error-text.ts';
import type { Clock } from '../../store/clock.ts';
import type { Segments } from '../../store/segments.ts';
import type { StoreProblem } from '../../store/store.ts';
import type { DeliveryHistory, DeliveryRecord } from '../delivery-history.ts';
import { encodeHistory, segmentName } from './history-segment.ts';
import { type HistoryBounds, tidyHistory } from './tidy-history.ts';

export interface HistoryOptions {
  /** How long a record waits for company. */
  readonly waitMs: number;
  readonly bounds: HistoryBounds;
  /** Whether this process is the one that joins: several would do so to no purpose. */
  readonly mayTidy: () => boolean;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
  readonly problem: (problem: StoreProblem) => void;
}

/** After so many writes it is tidied. */
const tidyEvery = 32;
/** So many wait where nothing can be written; then the oldest are lost. */
const mostWaiting = 10_000;
const retryAfter = 30_000;

export function openHistory(segments: Segments, options: HistoryOptions): DeliveryHistory {
  const { waitMs, bounds, clock, random, problem } = options;
  const closing = new AbortController();
  let waiting: DeliveryRecord[] = [];
  let working: Promise<void> | undefined;
  let writes = 0;
  let told: string | undefined;

  function tell(message: string | undefined): void {
    if (told !== message) problem({ subject: 'delivery history', message, warning: true });
    told = message;
  }

  async function work(): Promise<void> {
    while (waiting.length > 0) {
      await clock.sleep(waitMs, closing.signal);
      const batch = waiting;
      waiting = [];
      const fault = await write(batch);
      tell(fault && `What became of messages cannot be kept for \`explain\`: ${fault}`);
      if (fault === undefined) await tidyNowAndThen();
      else if (closing.signal.aborted) break;
      else {
        waiting = [...batch, ...waiting].slice(-mostWaiting);
        await clock.sleep(retryAfter, closing.signal);
      }
    }
    // In the same turn as the look at what waits: what is added from now on begins anew.
    working = undefined;
  }

  async function write(batch: readonly DeliveryRecord[]): Promise<string | undefined> {
    for (const part of encodeHistory(batch)) {
      const name = segmentName(part, random);
      const result = await segments.create(name, part.content);
      if (result.kind !== 'written') return result.kind === 'exists' ? `${name} is there already` : result.message;
    }
    return undefined;
  }

  async function tidyNowAndThen(): Promise<void> {
    writes += 1;
    if (writes % tidyEvery === 0) await tidy();
  }

  async function tidy(): Promise<void> {
    if (!options.mayTidy()) return;
    try {
      await tidyHistory(segments, { bounds, now: clock.now(), random });
      tell(undefined);
    } catch (error) {
      tell(errorText(error));
    }
  }

  return {
    add(record) {
      waiting.push(record);
      working ??= work();
    },
    tidy,
    async close() {
      closing.abort();
      await working;
    },
  };
}
