// What `run --directory` shows: a table redrawn in place on a terminal, lines elsewhere, JSON where asked for.
import { printable } from '../api/fit-status.ts';
import { policyKind } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { Settled } from '../mail/delivery/deliverer.ts';
import type { PolicyObserver } from '../policies/run-policies.ts';
import type { Log } from '../relays/relay-deps.ts';
import type { RelayObserver } from '../relays/run-relays.ts';
import type { PolicyStore, StoredPolicy } from '../store/policy-store.ts';
import { problemNews } from '../store/problem-news.ts';
import type { Store, StoredRelay, StoreProblem } from '../store/store.ts';
import { failureDetails } from './failure-details.ts';
import { exitCodes, type Io, usesColor } from './io.ts';
import { type Judged, readyCondition } from './object-table.ts';
import { policyTable } from './policy-table.ts';
import { relayTable } from './relay-table.ts';
import type { RunFlags } from './run-command.ts';
import { settledLine } from './settled-line.ts';
import { liveScreen, type ScreenSize } from './terminal.ts';
import { createTransitionLines } from './transition-lines.ts';

export interface DirectoryView extends Required<RelayObserver & PolicyObserver> {
  readonly log: Log;
  /** A text that stays, above the table; beside JSON, on standard error. */
  line(text: string): void;
  /** Shows the last of it, and with --once all of it. */
  close(): void;
  /** Whether every relay and policy is Ready and every file could be read. */
  exitCode(): number;
}

type ShownStore = Pick<Store, 'list' | 'get'> & Pick<PolicyStore, 'listPolicies' | 'getPolicy'>;

export interface ViewOptions {
  readonly store: ShownStore;
  readonly flags: Pick<RunFlags, 'once' | 'output' | 'directory'>;
  readonly io: Io;
  /** Stands above the table, or at the head of the lines. */
  readonly heading?: string | undefined;
  readonly now: () => number;
}

/** Ages in the table move on although nothing happens. */
const redrawEvery = 1_000;
/** Changes that come together are drawn together. */
const redrawAfter = 50;

export function createDirectoryView(options: ViewOptions): DirectoryView {
  const problems = new Map<string, StoreProblem>();
  const face = options.flags.output === 'json' ? jsonFace(options) : textFace(options, problems);
  return {
    log: { info: () => undefined, warn: () => undefined, error: (_, message) => face.line(`error: ${message}`) },
    line: (text) => face.line(text),
    onChange: face.changed,
    onPolicyChange: face.policyChanged,
    onSettled: face.settled,
    onProblem: problemNews((problem) => {
      note(problems, problem);
      face.problem(problem);
    }),
    close: () => face.close(problems),
    exitCode: () => {
      const judged: readonly Judged[] = [...relaysOf(options.store), ...policiesOf(options.store)];
      const ready = judged.every((one) => readyCondition(one)?.status === 'True');
      return ready && [...problems.values()].every(({ warning }) => warning) ? exitCodes.succeeded : exitCodes.failed;
    },
  };
}

interface Face {
  changed(key: Key): void;
  policyChanged(key: Key): void;
  settled(event: Settled): void;
  line(text: string): void;
  problem(problem: StoreProblem): void;
  close(problems: ReadonlyMap<string, StoreProblem>): void;
}

function textFace(
  { store, flags, io, heading = '', now }: ViewOptions,
  problems: ReadonlyMap<string, StoreProblem>,
): Face {
  const screen = liveScreen(io.stdout, io.env);
  const transitions = createTransitionLines();
  const policyTransitions = createTransitionLines('policy ');
  const color = usesColor(io.stdout, io.env);
  const whole = ({ width }: { width: number | undefined }) => {
    const relays = relaysOf(store);
    const table =
      relays.length > 0 ? relayTable(relays, { now: now(), width, color }) : `No SmtpRelay in ${flags.directory}\n`;
    const policies = policiesOf(store);
    const mail = policies.length > 0 ? policyTable(policies, { now: now(), width, color }) : '';
    const details = failureDetails(relays, { width, color, policies });
    const sections = [heading, table, mail, details, problemLines(problems)];
    return sections
      .filter((section) => section !== '')
      .map((section) => section.replace(/\n*$/, '\n'))
      .join('\n');
  };
  const render = (size: ScreenSize) => whole(size);
  const ticking = screen.isLive ? setInterval(() => screen.draw(render), redrawEvery) : undefined;
  let soon: NodeJS.Timeout | undefined;
  if (!screen.isLive && !flags.once && heading !== '') screen.line(`${heading}\n`);

  function redraw(): void {
    soon ??= setTimeout(() => {
      soon = undefined;
      screen.draw(render);
    }, redrawAfter);
  }

  function tell(line: string | undefined): void {
    if (screen.isLive) redraw();
    else if (!flags.once && line !== undefined) screen.line(line);
  }

  return {
    changed: (key) => tell(transitions.change(key, store.get(key), now())),
    policyChanged: (key) => tell(policyTransitions.change(key, store.getPolicy(key), now())),
    settled: (event) => {
      if (!screen.isLive) tell(settledLine(event, now()));
    },
    line: screen.line,
    problem: ({ subject, message, warning = false }) => {
      if (screen.isLive) redraw();
      else if (!flags.once)
        screen.line(message === undefined ? `${subject}: mended` : problemText({ subject, message, warning }));
    },
    close: () => {
      clearInterval(ticking);
      clearTimeout(soon);
      if (screen.isLive) screen.draw(render);
      else if (flags.once) io.stdout.write(whole({ width: undefined }));
      screen.close();
    },
  };
}

/** With --once one document; else a line a change; the status of a relay that is gone is null. */
function jsonFace({ store, flags, io }: ViewOptions): Face {
  const told = new Map<string, string>();
  const out = (value: unknown) => io.stdout.write(`${JSON.stringify(value)}\n`);

  function tellNew(id: string, shown: object): void {
    const text = JSON.stringify(shown);
    if (!flags.once && told.get(id) !== text) out(shown);
    told.set(id, text);
  }

  return {
    changed: (key) => tellNew(`relay ${keyText(key)}`, shapeOf(key, store.get(key))),
    // In a stream of both, a policy says what it is.
    policyChanged: (key) =>
      tellNew(`policy ${keyText(key)}`, { kind: policyKind, ...shapeOf(key, store.getPolicy(key)) }),
    // Statuses tell of it.
    settled: () => undefined,
    line: (text) => io.stderr.write(`${text}\n`),
    problem: ({ subject, message }) => {
      if (!flags.once) out({ problem: subject, message: message ?? null });
    },
    close: (problems) => {
      if (!flags.once) return;
      const document = {
        relays: relaysOf(store).map(shape),
        policies: policiesOf(store).map(shape),
        problems: [...problems.values()].map(({ message }) => message),
      };
      io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    },
  };
}

function shape({ metadata: { namespace, name }, status }: Judged) {
  return { namespace, name, status: status ?? {} };
}

function shapeOf({ namespace, name }: Key, one: Judged | undefined) {
  return one ? shape(one) : { namespace, name, status: null };
}

function relaysOf({ list, get }: ShownStore): StoredRelay[] {
  return list()
    .flatMap((key) => get(key) ?? [])
    .sort(byName);
}

function policiesOf({ listPolicies, getPolicy }: ShownStore): StoredPolicy[] {
  return listPolicies()
    .flatMap((key) => getPolicy(key) ?? [])
    .sort(byName);
}

function byName(one: Pick<Judged, 'metadata'>, other: Pick<Judged, 'metadata'>): number {
  return keyText(one.metadata) < keyText(other.metadata) ? -1 : 1;
}

function note(problems: Map<string, StoreProblem>, problem: StoreProblem): void {
  if (problem.message === undefined) problems.delete(problem.subject);
  else problems.set(problem.subject, problem);
}

function problemLines(problems: ReadonlyMap<string, StoreProblem>): string {
  return [...problems.values()].map((problem) => `${problemText(problem)}\n`).join('');
}

function problemText({ message = '', warning = false }: StoreProblem): string {
  return message
    .split('\n')
    .map((line) => `${warning ? 'warning' : 'error'}: ${printable(line)}`)
    .join('\n');
}
