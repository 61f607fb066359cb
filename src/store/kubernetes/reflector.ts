// Keeps a sink in step with a collection for as long as it may: list, watch, and again after whatever ends the watch.
//
//            fault: back off                 ended: go on from the last version, backing off unless it was calm
//            ┌────┐                          ┌────┐
//            ▼    │          listed          ▼    │
//        ┌────────┴───┐ ───────────────► ┌────────┴───┐
//        │    list    │                  │   watch    │
//        └────────────┘ ◄─────────────── └────────────┘
//                         expired (410), broken, refused: back off, then list
import { errorText } from '../../api/error-text.ts';
import type { Clock } from '../clock.ts';
import type { StoreProblem } from '../store.ts';
import type { ApiClient, ApiFault } from './api-client.ts';
import { type BackoffRange, backoffMs } from './backoff.ts';
import { type Collection, faultText, watchSubject } from './collection.ts';
import { listPages } from './list-pages.ts';
import type { Sink } from './sink.ts';
import { watchOnce } from './watch-once.ts';

export interface ReflectorTimings {
  readonly pageSize: number;
  /** After about this the server ends a watch, so that load spreads anew over its replicas. */
  readonly watchSeconds: number;
  /** The API server sends a bookmark a minute. */
  readonly silentMs: number;
  /** A watch that lasted this long is a good one: its end is no failure. */
  readonly calmMs: number;
  readonly backoff: BackoffRange;
}

export const reflectorTimings: ReflectorTimings = {
  pageSize: 500,
  watchSeconds: 300,
  silentMs: 90_000,
  calmMs: 5_000,
  backoff: { baseMs: 800, maxMs: 30_000 },
};

export interface ReflectorOptions {
  readonly client: ApiClient;
  readonly collection: Collection;
  readonly sink: Sink;
  readonly timings: ReflectorTimings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly problem: (problem: StoreProblem) => void;
}

export interface Reflector {
  /** Resolves after the first complete list, or when stopped. */
  readonly synced: Promise<void>;
  /** Resolves after the first complete list, when the API server refuses it (403, 404), or when stopped. */
  readonly settled: Promise<void>;
  /** Why what the sink has may not be all there is, a sentence: not listed yet, or refused at present. */
  unseen(): string | undefined;
  /** Milliseconds since the API server was last heard of about this collection. */
  staleness(): number;
}

type Next =
  | { readonly do: 'list'; readonly failed: boolean }
  | { readonly do: 'watch'; readonly version: string; readonly failed: boolean };

export function startReflector(options: ReflectorOptions, signal: AbortSignal): Reflector {
  const { timings, clock, random } = options;
  const synced = Promise.withResolvers<void>();
  const settled = Promise.withResolvers<void>();
  const heard = { at: clock.monotonic() };
  let trouble: string | undefined;
  let seen = false;
  const subject = watchSubject(options.collection);
  const report = (message: string | undefined) => {
    trouble = message;
    options.problem({ subject, message });
  };
  const refused = (verb: 'list' | 'watch', fault: ApiFault) => {
    if (signal.aborted) return;
    report(faultText(verb, options.collection, fault));
    if (fault.kind === 'failed' || ![403, 404].includes(fault.status)) return;
    seen = false;
    settled.resolve();
  };

  const run = async () => {
    let next: Next = { do: 'list', failed: false };
    let failures = 0;
    while (!signal.aborted) {
      const startedAt = clock.monotonic();
      const done: Next['do'] = next.do;
      next = await step(next);
      if (next.do === 'watch' && !next.failed) {
        synced.resolve();
        settled.resolve();
      }
      const calm = clock.monotonic() - startedAt >= timings.calmMs;
      if (next.failed) {
        failures = calm ? 1 : failures + 1;
        await clock.sleep(backoffMs(failures, timings.backoff, random), signal);
      } else if (done === 'watch') {
        // A list alone is no recovery: where only the watch is refused, list after list would storm.
        failures = 0;
      }
    }
    // Nobody follows it any more, so it is nobody's problem.
    report(undefined);
    synced.resolve();
    settled.resolve();
  };

  const step = async (now: Next): Promise<Next> => {
    try {
      return now.do === 'list' ? await list() : await watch(now.version);
    } catch (error) {
      // A bug in a sink or in whom it tells. The loop outlives it, and says so.
      report(`internal error: ${errorText(error)}`);
      return { do: 'list', failed: true };
    }
  };

  const list = async (): Promise<Next> => {
    const outcome = await listPages({ ...options, pageSize: timings.pageSize, signal });
    switch (outcome.kind) {
      case 'listed':
        heard.at = clock.monotonic();
        seen = true;
        return { do: 'watch', version: outcome.version, failed: false };
      case 'expired':
        return { do: 'list', failed: true };
      case 'fault':
        refused('list', outcome.fault);
        return { do: 'list', failed: true };
    }
  };

  const watch = async (from: string): Promise<Next> => {
    const startedAt = clock.monotonic();
    const outcome = await watchOnce(from, {
      ...options,
      seconds: Math.ceil(timings.watchSeconds * (1 + random())),
      silentMs: timings.silentMs,
      signal,
      opened: () => report(undefined),
      heard: () => {
        heard.at = clock.monotonic();
      },
    });
    const calm = clock.monotonic() - startedAt >= timings.calmMs;
    switch (outcome.kind) {
      case 'ended':
        return { do: 'watch', version: outcome.version, failed: outcome.cause !== undefined || !calm };
      case 'expired':
        return { do: 'list', failed: true };
      case 'broken':
        report(`${subject}: ${outcome.cause}`);
        return { do: 'list', failed: true };
      case 'notOpened':
        refused('watch', outcome.fault);
        // Unreachable or overloaded says nothing of the version; another refusal may.
        if (outcome.fault.kind === 'failed' || outcome.fault.status === 429) {
          return { do: 'watch', version: from, failed: true };
        }
        return { do: 'list', failed: true };
    }
  };

  void run();
  return {
    synced: synced.promise,
    settled: settled.promise,
    unseen: () => (seen ? undefined : (trouble ?? `${subject}: not listed yet`)),
    staleness: () => clock.monotonic() - heard.at,
  };
}
