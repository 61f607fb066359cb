// Remembers logins that a server refused, so that nothing tries them again and again: accounts lock. And lets one probe
// at a time try a login that nobody has seen accepted yet, so that relays that share it do not lock it together.
// A login is named by its Secret's version and the server, never by what it holds.
import { timestamp } from '../api/conditions.ts';
import type { ProbeReport } from '../api/smtp-relay.ts';
import type { LoginOutcome, LoginTurn } from '../smtp/login-turn.ts';
import type { TargetAuth } from '../smtp/relay-target.ts';
import { untilAborted } from '../smtp/until-aborted.ts';
import { loginRest } from './probe-schedule.ts';

type RefusedReason = NonNullable<TargetAuth['held']>['reason'];

/** What was seen when the login was refused. */
export type RefusedReport = ProbeReport & { readonly reason: RefusedReason };

export interface LoginGuard {
  /** What an earlier process saw; what this one saw counts more. */
  recall(login: string, report: RefusedReport): void;
  /** The refusal after which the login rests now; an edit of the spec since frees it. */
  refusal(login: string, asked: Asked): RefusedReport | undefined;
  /** Resolves when the login may be tried, or was refused meanwhile. */
  turn(login: string, asked: Asked, signal: AbortSignal): Promise<LoginTurn>;
  /** All that was seen by the probe that had the turn, in place of the little that was known when it gave it back. */
  saw(login: string, report: ProbeReport): void;
}

export interface Asked {
  readonly now: () => number;
  readonly editedAt: number;
}

const refusedReasons: readonly string[] = [
  'AuthenticationFailed',
  'CredentialsExpired',
  'BasicAuthenticationDisabled',
] satisfies RefusedReason[];

export function isRefusedLogin(report: ProbeReport): report is RefusedReport {
  return refusedReasons.includes(report.reason);
}

export function createLoginGuard(): LoginGuard {
  const refusals = new Map<string, { readonly report: RefusedReport; readonly at: number }>();
  const accepted = new Set<string>();
  const underWay = new Map<string, Promise<void>>();

  function refusal(login: string, { now, editedAt }: Asked): RefusedReport | undefined {
    const known = refusals.get(login);
    // Far ahead of us, it is of a clock that was set back since.
    if (known && Math.abs(now() - known.at) >= loginRest) refusals.delete(login);
    else if (known && editedAt <= known.at) return known.report;
    return undefined;
  }

  function learn(login: string, outcome: LoginOutcome, now: number): void {
    const report = reportOf(outcome, now);
    if (outcome.kind === 'accepted') {
      refusals.delete(login);
      accepted.add(login);
    } else if (report && isRefusedLogin(report)) {
      refusals.set(login, { report, at: now });
      accepted.delete(login);
    }
  }

  function firstTurn(login: string, now: () => number): LoginTurn {
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.set(login, promise);
    return {
      kind: 'go',
      done(outcome) {
        learn(login, outcome, now());
        if (underWay.get(login) === promise) underWay.delete(login);
        resolve();
      },
    };
  }

  return {
    refusal,
    recall(login, report) {
      const at = Date.parse(report.time);
      if ((refusals.get(login)?.at ?? 0) < at) refusals.set(login, { report, at });
    },
    saw(login, report) {
      const known = refusals.get(login);
      if (known && isRefusedLogin(report)) refusals.set(login, { ...known, report });
    },
    async turn(login, asked, signal) {
      while (!signal.aborted) {
        const held = refusal(login, asked);
        if (held) return { kind: 'held', held };
        if (accepted.has(login)) return { kind: 'go', done: (outcome) => learn(login, outcome, asked.now()) };
        const other = underWay.get(login);
        if (!other) return firstTurn(login, asked.now);
        await untilAborted(other, signal);
      }
      return { kind: 'go', done: () => undefined }; // nobody waits for it any more
    },
  };
}

function reportOf(outcome: LoginOutcome, now: number): ProbeReport | undefined {
  if (outcome.kind !== 'failed') return undefined;
  const { reason, message, replyCode } = outcome;
  return {
    time: timestamp(now),
    outcome: 'Failed',
    depth: 'Auth',
    failedStage: 'Auth',
    reason,
    message,
    ...(replyCode !== undefined && { replyCode }),
  };
}
