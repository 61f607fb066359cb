// Runs one probe of a relay, without holding up others, and remembers what it means for the next one.
import type { ProbeReport, SmtpRelay } from '../api/smtp-relay.ts';
import type { LoginTurn } from '../smtp/login-turn.ts';
import type { StoredRelay } from '../store/store.ts';
import type { Plan } from './decide.ts';
import { isRefusedLogin, type LoginGuard, type RefusedReport } from './login-guard.ts';
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
  /** Told once status says that the probe is under way. */
  readonly changed: () => void;
}

/** How long a probe may hold up others of its queue. */
const patience = 1_000;

/** What was seen, or undefined where the probe was ended early (shutdown, or spec or references changed beneath it). */
export async function probeRelay(
  work: ProbeWork,
  deps: RelayDeps,
): Promise<(Verdict & { kind: 'probed' }) | undefined> {
  const { resolved, cause } = work;
  const seen = await run(work, deps, (signal) => attempt(work, signal, deps));
  if (!seen) return undefined;
  const report = withWarnings(seen.report, resolved.parts.warnings);
  deps.meter?.probed(work.stored.metadata, report);
  const verdict = remember(work, report, { deps, countsAtOnce: cause === 'New' || cause === 'Changed' });
  return seen.refusal ? { ...verdict, refusal: seen.refusal } : verdict;
}

interface Seen {
  readonly report: ProbeReport;
  /** The refusal after which the login was not tried. */
  readonly refusal: RefusedReport | undefined;
}

async function attempt(work: ProbeWork, signal: AbortSignal, deps: RelayDeps): Promise<Seen> {
  const { stored, memory, relay, resolved, guard } = work;
  const login = loginName(stored.metadata.namespace, relay.spec, resolved.versions);
  const asked = { now: deps.now, editedAt: memory.editedAt };
  const held = login === undefined ? undefined : guard.refusal(login, asked);
  const target = makeTarget(relay.spec, { parts: resolved.parts, settings: deps.settings, held });
  const request = { target, depth: relay.spec.probe.depth };
  const probeDeps = { now: deps.now, signal, tokens: deps.tokens };
  if (login === undefined) return { report: await deps.probe(request, probeDeps), refusal: undefined };

  let turn: LoginTurn | undefined;
  const beforeLogin = async (ended: AbortSignal) => {
    turn = await guard.turn(login, asked, ended);
    return turn;
  };
  try {
    const report = await deps.probe(request, { ...probeDeps, beforeLogin });
    if (turn?.kind === 'go') guard.saw(login, report);
    const rests = turn?.kind !== 'go' && isRefusedLogin(report);
    return { report, refusal: rests ? guard.refusal(login, asked) : undefined };
  } finally {
    // Given back already, unless a bug ended the probe: then others must not wait for it.
    if (turn?.kind === 'go') turn.done({ kind: 'notTried' });
  }
}

async function run(
  { stored, memory, relay, resolved, cause, signal, yieldSlot, changed }: ProbeWork,
  deps: RelayDeps,
  probe: (signal: AbortSignal) => Promise<Seen>,
): Promise<Seen | undefined> {
  const abort = new AbortController();
  const { uid, generation } = stored.metadata;
  memory.underWay = { uid, generation, references: resolved.versions, abort };
  let announced: Promise<unknown> | undefined;
  const slow = deps.setTimer(() => {
    yieldSlot();
    if (cause !== 'New') return;
    const verdict: Verdict = { kind: 'probing', effective: effectiveOf(relay.spec, deps.settings) };
    announced = writeStatus({ stored, memory, verdict, handledRequest: undefined }, deps).then(changed);
    // Awaited when the probe ends; until then its failure is nobody's yet.
    announced.catch(() => undefined);
  }, patience);
  try {
    const seen = await probe(AbortSignal.any([signal, abort.signal]));
    await announced;
    return signal.aborted || abort.signal.aborted ? undefined : seen;
  } finally {
    slow();
    memory.underWay = undefined;
  }
}

function withWarnings(report: ProbeReport, more: TargetParts['warnings']): ProbeReport {
  return more.length === 0 ? report : { ...report, warnings: [...(report.warnings ?? []), ...more] };
}

function remember(
  { stored, memory, relay: { spec }, resolved }: ProbeWork,
  report: ProbeReport,
  { deps, countsAtOnce }: { deps: RelayDeps; countsAtOnce: boolean },
): Verdict & { kind: 'probed' } {
  const failuresBefore = countsAtOnce ? 0 : (memory.lastProbe?.consecutiveFailures ?? 0);
  const consecutiveFailures = report.outcome === 'Succeeded' ? 0 : failuresBefore + 1;
  const delay = probeDelay({ probe: spec.probe, report, consecutiveFailures, random: deps.random() });
  const endedAt = deps.now();
  memory.lastProbe = {
    generation: stored.metadata.generation,
    references: resolved.versions,
    report,
    consecutiveFailures,
    endedAt,
    dueAt: endedAt + delay,
  };
  const effective = effectiveOf(spec, deps.settings);
  return { kind: 'probed', report, spec, effective, references: resolved.versions, consecutiveFailures, countsAtOnce };
}
