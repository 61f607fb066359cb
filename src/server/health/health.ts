// Whether this process lives, has started and is ready, as data: rooms are not asked, they tell. Whether relays work is no
// part of it: an operator that could not start again while mail is down would be of no use.

export interface Health {
  /** Not ready until `met`; the sentence says what is missing. */
  awaits(check: string, sentence: string): void;
  met(check: string): void;
  /** A sentence while it goes wrong with this process itself, such that only its end helps. */
  watch(check: string, ask: () => string | undefined): void;
  /** The work has begun; a start that takes longer is no reason to be ended. */
  started(): void;
  /** No new work is wanted: not ready any more. */
  stopping(): void;
  live(): HealthReport;
  ready(): HealthReport;
  startup(): HealthReport;
}

export interface HealthCheck {
  readonly name: string;
  /** A sentence; undefined where all is well. */
  readonly problem: string | undefined;
}

export type HealthReport = readonly HealthCheck[];

export function createHealth(): Health {
  const awaited = new Map<string, string | undefined>();
  const watched = new Map<string, () => string | undefined>();
  let hasStarted = false;
  let isStopping = false;
  return {
    awaits: (check, sentence) => void awaited.set(check, sentence),
    met: (check) => void awaited.set(check, undefined),
    watch: (check, ask) => void watched.set(check, ask),
    started: () => {
      hasStarted = true;
    },
    stopping: () => {
      isStopping = true;
    },
    live: () => [
      // That this is answered shows it.
      { name: 'event-loop', problem: undefined },
      ...[...watched].map(([name, ask]) => ({ name, problem: ask() })),
    ],
    ready: () => [
      { name: 'running', problem: isStopping ? 'The operator is stopping.' : undefined },
      ...[...awaited].map(([name, problem]) => ({ name, problem })),
    ],
    startup: () => [{ name: 'started', problem: hasStarted ? undefined : 'The operator has not begun its work yet.' }],
  };
}
