// `relaykeeper probe`: finds what to probe, probes it, prints what was seen.
import { existsSync } from 'node:fs';
import type { ProbeReport } from '../api/smtp-relay.ts';
import { createTokenSource } from '../smtp/oauth/token-source.ts';
import { probe as runProbe } from '../smtp/probe.ts';
import { hostFqdn } from './host-fqdn.ts';
import { exitCodes, type Io, UnusableArgument, usesColor } from './io.ts';
import type { ProbeFlags } from './probe-command.ts';
import type { ImpossibleTarget, NamedTarget } from './probe-target.ts';
import { probeText } from './probe-text.ts';
import { shutdownSignal } from './shutdown.ts';

export async function probe(names: readonly string[], given: ProbeFlags, io: Io): Promise<number> {
  const { name, flags } = namesApart(names, given);
  checkForm(name, flags);
  const { reports, impossible } =
    flags.inCluster && name !== undefined ? await inCluster(name, flags, io) : await fromHere(name, flags, io);
  if (flags.output === 'json' && reports.length > 0)
    io.stdout.write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`);
  const succeeded = impossible === 0 && reports.every(({ outcome }) => outcome === 'Succeeded');
  return succeeded ? exitCodes.succeeded : exitCodes.failed;
}

interface Probed {
  readonly reports: readonly ProbeReport[];
  /** How many could not even be tried. */
  readonly impossible: number;
}

/** After `-f *.yaml NAME` the shell leaves files among the names. */
function namesApart(names: readonly string[], flags: ProbeFlags) {
  const isManifest = (text: string) => flags.filename !== undefined && existsSync(text);
  const [name, ...others] = names.filter((text) => !isManifest(text));
  if (others.length > 0) throw new UnusableArgument(`one name at a time: ${[name, ...others].join(' ')}`);
  const filename = flags.filename && [...flags.filename, ...names.filter(isManifest)];
  return { name, flags: filename ? { ...flags, filename } : flags };
}

const hostOnly = [
  'port',
  'tls',
  'ca',
  'serverName',
  'username',
  'passwordFile',
  'passwordStdin',
  'mechanism',
  'allowUnencrypted',
] as const;

function checkForm(name: string | undefined, flags: ProbeFlags): void {
  const { host, filename, inCluster } = flags;
  if (host !== undefined) {
    if (name !== undefined || filename || inCluster)
      throw new UnusableArgument('--host goes without a name, -f and --in-cluster');
    return;
  }
  if (name === undefined && !filename) {
    throw new UnusableArgument(
      'nothing to probe: give --host HOST, -f MANIFEST, or the NAME of an SmtpRelay in the cluster',
    );
  }
  if (flags.wait !== undefined && !inCluster) throw new UnusableArgument('--wait goes with --in-cluster');
  const withoutEffect = (['depth', 'timeout', 'from', 'to', 'ehloName'] as const).find(
    (flag) => flags[flag] !== undefined,
  );
  if (inCluster && withoutEffect)
    throw new UnusableArgument(
      `--${dashed(withoutEffect)} has no effect with --in-cluster: the operator probes as the spec says`,
    );
  if (filename && inCluster)
    throw new UnusableArgument('--in-cluster goes with the name of a relay in the cluster, without -f');
  const stray = hostOnly.find((flag) => flags[flag] !== undefined);
  if (stray) throw new UnusableArgument(`--${dashed(stray)} goes with --host; a declared relay says it in its spec`);
}

function dashed(flag: string): string {
  return flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

async function inCluster(name: string, flags: ProbeFlags, io: Io): Promise<Probed> {
  const { probeInCluster } = await import('./probe-cluster.ts');
  const report = await probeInCluster(name, flags, io);
  print(report, { title: `SmtpRelay ${name}, as the operator saw it`, flags, io });
  return { reports: [report], impossible: 0 };
}

async function fromHere(name: string | undefined, flags: ProbeFlags, io: Io): Promise<Probed> {
  const signal = shutdownSignal();
  const tokens = createTokenSource();
  const reports: ProbeReport[] = [];
  let impossible = 0;
  for (const target of await targets(name, flags, io)) {
    if (target.kind === 'impossible') {
      impossible += 1;
      io.stderr.write(`error: ${target.message}\n`);
      continue;
    }
    const report = await probeOne(target, { signal, tokens, io });
    print(report, { title: target.title, flags, io });
    reports.push(report);
    if (signal.aborted) break;
  }
  return { reports, impossible };
}

async function targets(
  name: string | undefined,
  flags: ProbeFlags,
  io: Io,
): Promise<readonly (NamedTarget | ImpossibleTarget)[]> {
  const settings = { ehloName: flags.ehloName, hostName: await hostFqdn(), deniedCidrs: [] };
  if (flags.host !== undefined) {
    const { targetFromFlags } = await import('./probe-flags-target.ts');
    return [await targetFromFlags({ ...flags, host: flags.host }, settings, io)];
  }
  const { targetFromRelay } = await import('./probe-relay-target.ts');
  const sources = await relaySources(name, flags, io);
  return Promise.all(sources.map((source) => targetFromRelay(source, flags, settings)));
}

async function relaySources(name: string | undefined, flags: ProbeFlags, io: Io) {
  if (flags.filename) {
    const { relaysInManifests } = await import('./probe-manifest-sources.ts');
    return relaysInManifests(flags.filename, { name, flags, io });
  }
  const { relayInCluster } = await import('./probe-cluster.ts');
  return [await relayInCluster(name ?? '', flags, io)];
}

interface ProbeRun {
  readonly signal: AbortSignal;
  readonly tokens: ReturnType<typeof createTokenSource>;
  readonly io: Io;
}

/** On a terminal the stage under way is shown until the report is there. */
async function probeOne(
  { title, target, depth, warnings }: NamedTarget,
  { signal, tokens, io }: ProbeRun,
): Promise<ProbeReport> {
  const progress = io.stderr.isTTY === true ? (text: string) => io.stderr.write(`\r\u001b[2K${text}`) : () => true;
  const report = await runProbe(
    { target, depth },
    {
      now: Date.now,
      signal,
      tokens,
      onStage: ({ stage, state }) => state === 'started' && progress(`${title}: ${stage} …`),
    },
  );
  progress('');
  const { fitStatus } = await import('../api/fit-status.ts');
  const complete = warnings.length > 0 ? { ...report, warnings: [...(report.warnings ?? []), ...warnings] } : report;
  return fitStatus({ lastProbe: complete }).lastProbe ?? complete;
}

function print(report: ProbeReport, { title, flags, io }: { title: string; flags: ProbeFlags; io: Io }): void {
  if (flags.output === 'json') return;
  io.stdout.write(probeText(report, { title, verbose: flags.verbose ?? false, color: usesColor(io.stdout, io.env) }));
}
