import { Command, Option } from 'commander';
import { dayMilliseconds } from '../api/zone-clock.ts';
import type { Io } from './io.ts';
import { duration } from './parse-flag.ts';
import { type SourceFlags, withSourceFlags } from './source-flags.ts';

export interface ExplainFlags extends SourceFlags {
  readonly to: string;
  readonly within: number;
}

/** `relaykeeper explain`: "was she told?" */
export function explainCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('explain')
    .description('Answer "was she told?": each mail to an address, sent or why not, with the reply of the server.')
    .requiredOption('--to <address>', 'the address of the recipient')
    .addOption(
      new Option('--within <duration>', 'how far to look back and ahead')
        .argParser(duration)
        .default(7 * dayMilliseconds, '7d'),
    );
  return withSourceFlags(command)
    .addHelpText(
      'after',
      '\nExit code: 0 every mail was sent or is on its way, 1 one was not or none is known, 2 unusable arguments.',
    )
    .action(async (flags: ExplainFlags) => {
      const { explain } = await import('./explain.ts');
      done(await explain(flags, io));
    });
}
