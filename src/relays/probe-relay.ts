// Runs one probe of a relay, without holding up others, and remembers what it means for the next one.
import type { ProbeReport, SmtpRelay } from '../api/smtp-relay.ts';
import type { StoredRelay } from '../store/store.ts';
import type { Plan } from './decide.ts';
import { isRefusedLogin, type LoginGuard } from './login-guard.ts';
import { loginName } from './login-name.ts';
import { effectiveOf, makeTarget, type TargetParts } from './make-target.ts';
import { probeDelay } from './probe-schedule.ts';
import type { RelayDeps } from './relay-deps.ts';
import type { RelayMemory } from './relay-memory.ts';
import type { ResolvedReferences } from './resolve-references.ts';
import type { Verdict } from './verdict.ts';
import { writeStatus } from './write-status.ts';

export interface ProbeWork {
  readonly stored: StoredRelay;
  readonly memory: RelayMemory;
  readonly relay: SmtpRelay;
  readonly resolved: ResolvedReferences & { kind: 'resolved' };
  readonly cause: (Plan & { kind: 'probe' })['cause'];
  readonly guard: LoginGuard;
  readonly signal: AbortSignal;
  /** Called when the server is slow: others may go on meanwhile. */
  readonly yieldSlot: () => void;
}

/** How long a probe may hold up others of its queue. */
const patience = 1_000;

/** What was seen, or undefined where the probe was ended early (shutdown, or the spec changed beneath it). */
export async function probeRelay(
  work: ProbeWork,
  deps: RelayDeps,
): Promise<(Verdict & { kind: 'probed' }) | undefined> {
  const { memory, relay, resolved, cause, guard } = work;
  const login = loginName(work.stored.metadata, relay.spec, resolved.versions);
  if (login !== undefined) recallRefusal(login, memory, guard);
  const held = login === undefined ? undefined : guard.held(login, { now: deps.now(), editedAt: memory.editedAt });
  const target = makeTarget(relay.spec, { parts: resolved.parts, settings: deps.settings, held });
  const seen = await run(work, deps, (signal) =>
    deps.probe({ target, depth: relay.spec.probe.depth }, { now: deps.now, signal, tokens: deps.tokens }),
  );
  if (!seen) return undefined;
  const report = withWarnings(seen, resolved.parts.warnings);
  if (login !== undefined && !held) learn(login, report, { guard, now: deps.now() });
  return remember(work, report, { deps, countsAtOnce: cause === 'New' || cause === 'Changed' });
}

/** A login that an earlier process saw refused rests as well. */
function recallRefusal(login: string, { lastProbe }: RelayMemory, guard: LoginGuard): void {
  if (!lastProbe?.recalled) return;
  const { reason, message, time } = lastProbe.report;
  if (isRefusedLogin(reason)) guard.refused(login, { reason, message, at: Date.parse(time) });
}

async function run(
  { stored, memory, relay, cause, signal, yieldSlot }: ProbeWork,
  deps: RelayDeps,
  probe: (signal: AbortSignal) => Promise<ProbeReport>,
): Promise<ProbeReport | undefined> {
  const abort = new AbortController();
  memory.underWay = { generation: stored.metadata.generation, abort };
  let announced: Promise<unknown> | undefined;
  const slow = setTimeout(() => {
    yieldSlot();
    if (cause !== 'New') return;
    const verdict: Verdict = { kind: 'probing', effective: effectiveOf(relay.spec, deps.settings) };
    announced = writeStatus({ stored, memory, verdict, handledRequest: undefined }, deps);
  }, patience);
  try {
    const report = await probe(AbortSignal.any([signal, abort.signal]));
    await announced;
    return signal.aborted || abort.signal.aborted ? undefined : report;
  } finally {
    clearTimeout(slow);
    memory.underWay = undefined;
  }
}

function withWarnings(report: ProbeReport, more: TargetParts['warnings']): ProbeReport {
  return more.length === 0 ? report : { ...report, warnings: [...(report.warnings ?? []), ...more] };
}

function learn(login: string, report: ProbeReport, { guard, now }: { guard: LoginGuard; now: number }): void {
  if (isRefusedLogin(report.reason)) {
    guard.refused(login, { reason: report.reason, message: report.message, at: now });
  } else if (report.outcome === 'Succeeded') {
    guard.accepted(login);
  }
}

function remember(
  { stored, memory, relay: { spec }, resolved }: ProbeWork,
  report: ProbeReport,
  { deps, countsAtOnce }: { deps: RelayDeps; countsAtOnce: boolean },
): Verdict & { kind: 'probed' } {
  const failuresBefore = countsAtOnce ? 0 : (memory.lastProbe?.consecutiveFailures ?? 0);
  const consecutiveFailures = report.outcome === 'Succeeded' ? 0 : failuresBefore + 1;
  const delay = probeDelay({ probe: spec.probe, report, consecutiveFailures, random: deps.random() });
  memory.lastProbe = {
    generation: stored.metadata.generation,
    references: resolved.versions,
    report,
    consecutiveFailures,
    dueAt: deps.now() + delay,
    recalled: false,
  };
  const effective = effectiveOf(spec, deps.settings);
  return { kind: 'probed', report, spec, effective, references: resolved.versions, consecutiveFailures, countsAtOnce };
}
