// Runs the command line: settings, signals, the exit code.
import { enableCompileCache } from 'node:module';
import { CommanderError } from 'commander';
import { exitCodes, type Io, UnusableArgument } from './io.ts';
import { createProgram } from './program.ts';

enableCompileCache();
const io: Io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env };
process.stdout.on('error', endOfPipe);
process.exitCode = await main(process.argv);

/** Runs the command line and gives its exit code. */
async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = exitCodes.succeeded;
  const done = (code: number) => {
    exitCode = code;
  };
  const program = createProgram(io, done);
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

/** Whoever read our output wants no more of it (`relaykeeper … | head`), or cannot take it. */
function endOfPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`error: the output cannot be written: ${error.message}\n`);
  process.exit(exitCodes.failed);
}
