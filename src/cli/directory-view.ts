// What `run --directory` shows: a table redrawn in place on a terminal, lines elsewhere, JSON where asked for.
import { printable } from '../api/fit-status.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { Log } from '../relays/relay-deps.ts';
import type { RelayObserver } from '../relays/run-relays.ts';
import type { Store, StoredRelay, StoreProblem } from '../store/store.ts';
import { failureDetails } from './failure-details.ts';
import { exitCodes, type Io, usesColor } from './io.ts';
import { readyCondition, relayTable } from './relay-table.ts';
import type { RunFlags } from './run-command.ts';
import { liveScreen, type ScreenSize } from './terminal.ts';
import { createTransitionLines } from './transition-lines.ts';

export interface DirectoryView extends Required<RelayObserver> {
  readonly log: Log;
  /** Shows the last of it, and with --once all of it. */
  close(): void;
  /** Whether every relay is Ready and every file could be read. */
  exitCode(): number;
}

export interface ViewOptions {
  readonly store: Pick<Store, 'list' | 'get'>;
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
    onChange: (key) => face.changed(key),
    onProblem: (problem) => {
      note(problems, problem);
      face.problem(problem);
    },
    close: () => face.close(problems),
    exitCode: () => {
      const ready = relaysOf(options.store).every((relay) => readyCondition(relay)?.status === 'True');
      return ready && [...problems.values()].every(({ warning }) => warning) ? exitCodes.succeeded : exitCodes.failed;
    },
  };
}

interface Face {
  changed(key: Key): void;
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
  const color = usesColor(io.stdout, io.env);
  const whole = ({ width }: { width: number | undefined }) => {
    const relays = relaysOf(store);
    const table =
      relays.length > 0 ? relayTable(relays, { now: now(), width, color }) : `No SmtpRelay in ${flags.directory}\n`;
    const sections = [heading, table, failureDetails(relays, { width, color }), problemLines(problems)];
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

  function changed(key: Key): void {
    if (screen.isLive) redraw();
    else if (!flags.once) tell(transitions.change(key, store.get(key), now()));
  }

  function tell(line: string | undefined): void {
    if (line !== undefined) screen.line(line);
  }

  return {
    changed,
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
  return {
    changed: (key) => {
      if (flags.once) return;
      const relay = store.get(key);
      const shown = relay ? shape(relay) : { namespace: key.namespace, name: key.name, status: null };
      const text = JSON.stringify(shown);
      if (told.get(keyText(key)) !== text) out(shown);
      told.set(keyText(key), text);
    },
    line: (text) => io.stderr.write(`${text}\n`),
    problem: ({ subject, message }) => {
      if (!flags.once) out({ problem: subject, message: message ?? null });
    },
    close: (problems) => {
      if (!flags.once) return;
      const document = {
        relays: relaysOf(store).map(shape),
        problems: [...problems.values()].map(({ message }) => message),
      };
      io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    },
  };
}

function shape({ metadata: { namespace, name }, status }: StoredRelay) {
  return { namespace, name, status: status ?? {} };
}

function relaysOf({ list, get }: Pick<Store, 'list' | 'get'>): StoredRelay[] {
  return list()
    .flatMap((key) => get(key) ?? [])
    .sort((a, b) => (keyText(a.metadata) < keyText(b.metadata) ? -1 : 1));
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
