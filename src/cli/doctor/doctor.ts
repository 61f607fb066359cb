// `relaykeeper doctor`: looks at a cluster or a directory, shows each finding as it comes, and says how it ended.
import { exitCodes, type Io, UnusableArgument, usesColor } from '../io.ts';
import { shutdownSignal } from '../shutdown.ts';
import { sourcePlace } from '../source-flags.ts';
import { liveScreen } from '../terminal.ts';
import type { DoctorFlags } from './doctor-command.ts';
import type { Check, Checked } from './finding.ts';
import { findingsJson, findingText, summaryText } from './findings-text.ts';
import { runChecks } from './run-checks.ts';

export async function doctor(flags: DoctorFlags, io: Io): Promise<number> {
  const { namespace, ...place } = flags;
  const found = sourcePlace(place);
  if (found.kind === 'directory') {
    if (flags.serviceAccount !== undefined) {
      throw new UnusableArgument('--service-account is about a cluster and goes without --directory');
    }
    if ((namespace?.length ?? 0) > 1) throw new UnusableArgument('--namespace may be given once with --directory');
    const { openDirectoryWorld } = await import('./directory-world.ts');
    const { directoryChecks } = await import('./directory-checks.ts');
    const world = await openDirectoryWorld({ ...found, namespace: namespace?.[0], webhookUrl: flags.webhookUrl }, io);
    return examine(directoryChecks, { world, flags, io });
  }
  const { openClusterWorld } = await import('./cluster-world.ts');
  const { clusterChecks } = await import('./cluster-checks.ts');
  return examine(clusterChecks, { world: await openClusterWorld(flags, io), flags, io });
}

interface Examination<World> {
  readonly world: World & { close(): Promise<void> };
  readonly flags: DoctorFlags;
  readonly io: Io;
}

async function examine<World>(
  checks: readonly Check<World>[],
  { world, flags, io }: Examination<World>,
): Promise<number> {
  const show = flags.output === 'json' ? silent() : shown(io);
  const signal = shutdownSignal();
  try {
    const all = await runChecks(checks, { world, news: show }, signal);
    show.end(all);
    if (flags.output === 'json') io.stdout.write(findingsJson(all));
    const complete = !signal.aborted && all.every(({ verdict }) => verdict !== 'failed');
    return complete ? exitCodes.succeeded : exitCodes.failed;
  } finally {
    show.close();
    await world.close();
  }
}

function silent() {
  return { begun() {}, found() {}, end() {}, close() {} };
}

/** On a terminal the last line says what is being looked at. */
function shown(io: Io) {
  const screen = liveScreen(io.stdout, io.env);
  const layout = { color: usesColor(io.stdout, io.env) };
  return {
    begun: (check: string) => screen.draw(() => `… ${check}`),
    found: (checked: Checked) => {
      // Line by line: the screen counts them.
      const text = findingText(checked, { ...layout, width: io.stdout.columns || 100 });
      for (const line of text.split('\n')) screen.line(line);
    },
    end(all: readonly Checked[]) {
      const summary = summaryText(all);
      if (screen.isLive) screen.draw(() => summary);
      else screen.line(summary);
    },
    close: () => screen.close(),
  };
}
