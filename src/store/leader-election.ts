// One of many at a time, by a Lease, as Kubernetes' client-go does it. The Lease alone is not enough: a leader that was
// paused does not know how late it is. So who acts asks `stillLeader` right before each effect.
//
//   renew asked ├──────────── renewDeadline ────────────┤ the term is over here, whatever the network says
//               ├──────────────── leaseDuration ─────────────────┤ nobody else begins before this
import type { Clock } from './clock.ts';
import { createLeaderTerm, type LeaderTerm } from './leader-term.ts';
import type { LeaseStore } from './lease.ts';
import { createLeaseClaim, type LeaseClaim, type Moment } from './lease-claim.ts';

export interface ElectionTimings {
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
  /** Candidates wait up to this part of the retry period longer, so that they do not all ask at once. */
  readonly jitter: number;
}

export const electionTimings: ElectionTimings = {
  leaseDurationMs: 10_000,
  renewDeadlineMs: 7_000,
  retryPeriodMs: 2_000,
  jitter: 1.2,
};

export type ElectionEvent =
  | { readonly kind: 'elected' }
  | { readonly kind: 'waiting'; readonly holder: string }
  /** The term ended; `lead` has too. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly message: string };

export interface Candidacy {
  readonly leases: LeaseStore;
  readonly name: string;
  /** Of this process alone: two that share one both take themselves for the holder. */
  readonly identity: string;
  readonly timings: ElectionTimings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly tell: (event: ElectionEvent) => void;
}

/** Its signal aborts when the term ends. It has to end soon then: until it has, this process is no candidate. */
export type Lead = (signal: AbortSignal, stillLeader: () => boolean) => Promise<void>;

/**
 * Waits to be leader, leads until the term is over, and so on until the signal aborts or `lead` ends by itself. Then
 * gives the Lease back, so that the next one need not wait for it to run out.
 */
export async function runAsLeader(candidacy: Candidacy, lead: Lead, signal: AbortSignal): Promise<void> {
  const { timings, clock, tell } = candidacy;
  const claim = createLeaseClaim({ ...candidacy, leaseDurationMs: timings.leaseDurationMs });
  let asked = await elected(candidacy, claim, signal);
  while (asked) {
    tell({ kind: 'elected' });
    const term = createLeaderTerm(asked, timings.renewDeadlineMs, clock);
    const keeping = Promise.all([renew(candidacy, claim, term), endInTime(term, clock)]);
    const outcome = await serve(term, lead, signal);
    await keeping;
    if (outcome.kind !== 'lost') await bounded(timings.retryPeriodMs, clock, (limit) => claim.release(limit));
    tell({ kind: 'ended' });
    if (outcome.kind === 'bug') throw outcome.error;
    if (outcome.kind === 'finished') return;
    asked = await elected(candidacy, claim, signal);
  }
}

type Served =
  /** By itself, or because it was told to stop. */
  { readonly kind: 'finished' } | { readonly kind: 'lost' } | { readonly kind: 'bug'; readonly error: unknown };

async function serve(term: LeaderTerm, lead: Lead, signal: AbortSignal): Promise<Served> {
  const stop = () => term.end();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    await lead(term.signal, term.isLive);
    return term.isLive() || signal.aborted ? { kind: 'finished' } : { kind: 'lost' };
  } catch (error) {
    return { kind: 'bug', error };
  } finally {
    signal.removeEventListener('abort', stop);
    term.end();
  }
}

/** When the request that made us leader was sent; nothing when we were stopped before. */
async function elected(candidacy: Candidacy, claim: LeaseClaim, signal: AbortSignal): Promise<Moment | undefined> {
  const { timings, clock, random, tell } = candidacy;
  while (!signal.aborted) {
    const result = await attempt(candidacy, claim, signal);
    if (result.kind === 'held') return result.asked;
    if (signal.aborted) break;
    tell(result.kind === 'taken' ? { kind: 'waiting', holder: result.holder } : result);
    await clock.sleep(timings.retryPeriodMs * (1 + timings.jitter * random()), signal);
  }
  return undefined;
}

async function renew(candidacy: Candidacy, claim: LeaseClaim, term: LeaderTerm): Promise<void> {
  const { timings, clock, tell } = candidacy;
  while (term.isLive()) {
    await clock.sleep(timings.retryPeriodMs, term.signal);
    if (!term.isLive()) return;
    const result = await attempt(candidacy, claim, term.signal);
    if (result.kind === 'held') term.renewed(result.asked);
    else if (result.kind === 'taken') term.end();
    else if (term.isLive()) tell(result);
  }
}

/** Ends the term at its deadline also while a renewal is still under way. */
async function endInTime(term: LeaderTerm, clock: Clock): Promise<void> {
  while (term.isLive()) await clock.sleep(term.remainingMs(), term.signal);
}

/** A part of the deadline only, so that a connection gone silent leaves time to try another. */
function attempt({ timings, clock }: Candidacy, claim: LeaseClaim, signal: AbortSignal) {
  return bounded(timings.renewDeadlineMs / 3, clock, (limit) => claim.attempt(AbortSignal.any([limit, signal])));
}

async function bounded<T>(limitMs: number, clock: Clock, run: (limit: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  void clock.sleep(limitMs, done.signal).then(() => limit.abort());
  try {
    return await run(limit.signal);
  } finally {
    done.abort();
  }
}
