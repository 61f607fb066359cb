// `npm start`: real SMTP listeners on this machine, some of them broken, and the operator on their manifests.
import { Command } from 'commander';
import { exitCodes, type Io, UnusableArgument } from '../src/cli/io.ts';
import { type RunFlags, runCommand } from '../src/cli/run-command.ts';
import { shutdownSignal } from '../src/cli/shutdown.ts';
import { type Demo, startDemo } from './demo.ts';

const io: Io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env };

await new Command('npm start --')
  .description(
    'Shows Relaykeeper at work: mail servers on this machine, some of them broken, and what it says of each.',
  )
  .helpOption('-h, --help', 'explain the demo')
  .option('--once', 'probe every relay once, print, and end with exit code 0')
  .addHelpText('after', '\nWithout --once it goes on until Ctrl-C. Nothing leaves this machine, and no file stays.')
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.succeeded : exitCodes.unusable))
  .action(async ({ once = false }: { once?: boolean }) => {
    process.exitCode = await show(once);
  })
  .parseAsync();

async function show(once: boolean): Promise<number> {
  const signal = shutdownSignal();
  const demo = await startDemo(new Date());
  try {
    io.stdout.write(introduction(demo, once));
    if (signal.aborted) return exitCodes.succeeded;
    const { runDirectory } = await import('../src/cli/run-directory.ts');
    await runDirectory(flags(demo, once), io, signal);
    return exitCodes.succeeded;
  } catch (error) {
    if (!(error instanceof UnusableArgument)) throw error;
    io.stderr.write(`error: ${error.message}\n`);
    return exitCodes.unusable;
  } finally {
    await demo.stop();
  }
}

function introduction({ manifests, state }: Demo, once: boolean): string {
  const ending = once ? '' : '\nEdit one (each says at its head how to heal it) and watch. Ctrl-C ends the demo.';
  return `Real SMTP servers run on this machine, some of them broken.
Their manifests: ${manifests}
What is seen of them: ${state}/status${ending}\n\n`;
}

/** What `relaykeeper run --directory DIR` would be given, with its own defaults. */
function flags({ manifests, state }: Demo, once: boolean): RunFlags & { readonly directory: string } {
  const command = runCommand(io, () => undefined);
  command.parseOptions(['--directory', manifests, '--state', state, ...(once ? ['--once'] : [])]);
  return { ...command.opts<RunFlags>(), directory: manifests };
}
