// `npm start`: real SMTP listeners on this machine, some of them broken, and the operator on their manifests.
import { Command } from 'commander';
import { exitCodes, type Io, UnusableArgument } from '../src/cli/io.ts';
import { type RunFlags, runCommand } from '../src/cli/run-command.ts';
import type { DirectoryFlags } from '../src/cli/run-directory.ts';
import { shutdownSignal } from '../src/cli/shutdown.ts';
import { type Demo, startDemo } from './demo.ts';
import { shownMail } from './mailbox.ts';

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
  const signal = AbortSignal.any([shutdownSignal(), readerGone()]);
  const demo = await startDemo(new Date());
  try {
    if (signal.aborted) return exitCodes.succeeded;
    const { runDirectory } = await import('../src/cli/run-directory.ts');
    const mail: string[] = [];
    // With --once the mail is shown below the table.
    const show = (line: (text: string) => void) =>
      showMail(demo, { signal, line: once ? (text) => mail.push(text) : line });
    await runDirectory({ ...flags(demo, once), onStarted: show }, io, signal);
    for (const text of mail) io.stdout.write(`\n${text}\n`);
    return exitCodes.succeeded;
  } catch (error) {
    if (!(error instanceof UnusableArgument)) throw error;
    io.stderr.write(`error: ${error.message}\n`);
    return exitCodes.unusable;
  } finally {
    await demo.stop();
  }
}

/** An account is added once all stands; the mail that it gets is shown. */
async function showMail(
  demo: Demo,
  { signal, line }: { readonly signal: AbortSignal; readonly line: (text: string) => void },
): Promise<void> {
  if (signal.aborted) return;
  await demo.addAccount();
  const message = await demo.mailbox.first({ within: 20_000, signal });
  if (message) line(await shownMail(message));
  else if (!signal.aborted) line('An account was added, but no mail has arrived yet.');
}

/** Whoever read the output has gone, as `head` does: that ends the demo like Ctrl-C. */
function readerGone(): AbortSignal {
  const gone = new AbortController();
  io.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone.abort();
  });
  return gone.signal;
}

function heading({ manifests, state }: Demo, once: boolean): string {
  const servers = 'Real SMTP servers run on this machine, some of them broken.';
  // With --once the files are gone before anybody could look at them.
  if (once) return servers;
  return `${servers}
Their manifests: ${manifests} - each says at its head how to heal it: edit one and watch.
What is seen of them: ${state}/status. Ctrl-C ends the demo.`;
}

/** What `relaykeeper run --directory DIR` would be given, with its own defaults. */
function flags(demo: Demo, once: boolean): DirectoryFlags {
  const { manifests, state } = demo;
  const command = runCommand(io, () => undefined);
  command.parseOptions(['--directory', manifests, '--state', state, ...(once ? ['--once'] : [])]);
  return { ...command.opts<RunFlags>(), directory: manifests, heading: heading(demo, once) };
}
