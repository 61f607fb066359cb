// Remembers logins that a server refused, so that nothing tries them again and again: accounts lock. And lets one probe
// at a time try a login that nobody has seen accepted yet, so that relays that share it do not lock it together.
// A login is named by its Secret's version and the server, never by what it holds.
import type { ProbeReport } from '../api/smtp-relay.ts';
import type { TargetAuth } from '../smtp/relay-target.ts';
import { loginRest } from './probe-schedule.ts';

type RefusedReason = NonNullable<TargetAuth['held']>['reason'];

/** What was seen when the login was refused. */
export type RefusedReport = ProbeReport & { readonly reason: RefusedReason };

export interface LoginGuard {
  /** What an earlier process saw; what this one saw counts more. */
  recall(login: string, report: RefusedReport): void;
  /** Waits for its turn. An edit of the spec since a refusal frees the login from it. */
  attempt(login: string, how: AttemptOptions): Promise<LoginAttempt>;
}

export interface AttemptOptions {
  readonly now: () => number;
  readonly editedAt: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

export interface LoginAttempt {
  /** The refusal after which the login rests now; undefined where it may be tried. */
  readonly refusal: RefusedReport | undefined;
  /** Must be called, with what was seen: others may be waiting. */
  end(report: ProbeReport | undefined): void;
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

  function refusalOf(login: string, { now, editedAt }: AttemptOptions): RefusedReport | undefined {
    const refusal = refusals.get(login);
    // Far ahead of us, it is of a clock that was set back since.
    if (refusal && Math.abs(now() - refusal.at) >= loginRest) refusals.delete(login);
    else if (refusal && editedAt <= refusal.at) return refusal.report;
    return undefined;
  }

  function learn(login: string, report: ProbeReport, now: number): void {
    if (isRefusedLogin(report)) {
      refusals.set(login, { report, at: now });
      accepted.delete(login);
    } else if (isBehindLogin(report)) {
      refusals.delete(login);
      accepted.add(login);
    }
  }

  function firstAttempt(login: string, now: () => number): LoginAttempt {
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.set(login, promise);
    return {
      refusal: undefined,
      end(report) {
        if (report) learn(login, report, now());
        underWay.delete(login);
        resolve();
      },
    };
  }

  return {
    recall(login, report) {
      const at = Date.parse(report.time);
      if ((refusals.get(login)?.at ?? 0) < at) refusals.set(login, { report, at });
    },
    async attempt(login, how) {
      for (;;) {
        const refusal = refusalOf(login, how);
        if (refusal) return { refusal, end: () => undefined };
        if (accepted.has(login)) return { refusal, end: (report) => report && learn(login, report, how.now()) };
        const other = underWay.get(login);
        if (!other || how.signal.aborted) return firstAttempt(login, how.now);
        await Promise.race([other, aborted(how.signal)]);
      }
    },
  };
}

/** Whether the probe came past the login. */
function isBehindLogin({ failedStage }: ProbeReport): boolean {
  return failedStage === undefined || failedStage === 'Envelope' || failedStage === 'Data';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
