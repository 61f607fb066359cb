import { Command, Option } from 'commander';
import { dayMilliseconds } from '../api/zone-clock.ts';
import type { Io } from './io.ts';
import { duration } from './parse-flag.ts';
import { type SourceFlags, withSourceFlags } from './source-flags.ts';

export interface UpcomingFlags extends SourceFlags {
  readonly within: number;
  readonly showAddresses?: boolean;
}

/** `relaykeeper upcoming`: whom the reminders are going to tell of what, and when; sends nothing. */
export function upcomingCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('upcoming')
    .description('List the reminders to come: who would be mailed what, and when. Sends nothing.')
    .addOption(
      new Option('--within <duration>', 'how far ahead to look')
        .argParser(duration)
        .default(30 * dayMilliseconds, '30d'),
    )
    .option('--show-addresses', 'show the local parts of addresses, which are masked otherwise');
  return withSourceFlags(command)
    .addHelpText('after', '\nExit code: 0 all policies were looked at, 1 some could not be, 2 unusable arguments.')
    .action(async (flags: UpcomingFlags) => {
      const { showUpcoming } = await import('./upcoming.ts');
      done(await showUpcoming(flags, io));
    });
}
