// `relaykeeper run`: decides between a directory and a cluster, and which flags go with which.
import { systemTimer } from '../relays/timer.ts';
import { compactHeapOnceStarted } from './compact-heap.ts';
import { type Io, UnusableArgument } from './io.ts';
import type { RunFlags } from './run-command.ts';
import { shutdownSignal } from './shutdown.ts';

export async function run(flags: RunFlags, io: Io): Promise<number> {
  // What is left of its time must not hold up the end.
  const cancel = compactHeapOnceStarted(systemTimer);
  try {
    return await runWhere(flags, io);
  } finally {
    cancel();
  }
}

async function runWhere(flags: RunFlags, io: Io): Promise<number> {
  const signal = shutdownSignal();
  if (flags.directory !== undefined) {
    if (flags.kubeconfig !== undefined || flags.context !== undefined) {
      throw new UnusableArgument('--directory needs no cluster: leave out --kubeconfig and --context');
    }
    if (flags.roles !== undefined)
      throw new UnusableArgument('--roles is about replicas, and goes without --directory');
    if (flags.logLevel !== undefined || flags.logFormat !== undefined) {
      throw new UnusableArgument('--log-level and --log-format go without --directory, which has --output');
    }
    if (flags.outbox !== undefined)
      throw new UnusableArgument('--outbox goes without --directory, whose mail waits in --state');
    const { runDirectory } = await import('./run-directory.ts');
    return runDirectory({ ...flags, directory: flags.directory }, io, signal);
  }
  if (flags.once) throw new UnusableArgument('--once goes with --directory');
  const { state, outbox } = flags;
  if (state !== undefined && outbox !== 'spool') {
    throw new UnusableArgument('--state goes with --directory or --outbox spool');
  }
  if (state === undefined && outbox === 'spool') throw new UnusableArgument('--outbox spool needs --state DIR');
  const { runCluster } = await import('./run-cluster.ts');
  return runCluster(flags, io, signal);
}
