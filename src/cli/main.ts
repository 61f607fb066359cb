// Wires the commands; each lives in a file of its own and is loaded when it is called.
import { enableCompileCache } from 'node:module';
import { Command, CommanderError } from 'commander';
import { explainCommand } from './explain-command.ts';
import { exitCodes, type Io, UnusableArgument } from './io.ts';
import { outboxCommand } from './outbox-command.ts';
import { previewCommand } from './preview-command.ts';
import { probeCommand } from './probe-command.ts';
import { runCommand } from './run-command.ts';
import { sendTestCommand } from './send-test-command.ts';
import { upcomingCommand } from './upcoming-command.ts';
import { validateCommand } from './validate-command.ts';
import { version } from './version.ts';

enableCompileCache();
const commands = [
  runCommand,
  validateCommand,
  probeCommand,
  previewCommand,
  sendTestCommand,
  upcomingCommand,
  explainCommand,
  outboxCommand,
];
const io: Io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env };
process.stdout.on('error', endOfPipe);
process.exitCode = await main(process.argv);

/** Runs the command line and gives its exit code. */
async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.succeeded;
  const done = (code: number) => {
    exitCode = code;
  };
  const program = new Command('relaykeeper')
    .description('Declares, watches and proves how mail leaves: relays as resources, with their state in status.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain the command')
    .showHelpAfterError('Try --help.')
    .configureOutput({ outputError: (text, write) => write(withoutValue(text)) })
    .exitOverride();
  for (const command of commands) {
    program.addCommand(inheriting(command(io, done), program));
  }
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.succeeded : exitCodes.unusable;
    if (error instanceof UnusableArgument) {
      io.stderr.write(`error: ${error.message}\n`);
      return exitCodes.unusable;
    }
    throw error;
  }
}

/** A mistaken `--password=…` must not stand in a log. */
function withoutValue(text: string): string {
  return text.replace(/^(error: unknown option '-[^'=]*)=.*'/s, "$1'");
}

function inheriting(command: Command, parent: Command): Command {
  command.exitOverride().copyInheritedSettings(parent);
  for (const inner of command.commands) inheriting(inner, command);
  return command;
}

/** Whoever read our output wants no more of it (`relaykeeper … | head`), or cannot take it. */
function endOfPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
  process.exit(exitCodes.failed);
}
