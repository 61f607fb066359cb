import { Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { gather } from '../parse-flag.ts';
import { type PlaceFlags, type SourceFlags, withSourceFlags } from '../source-flags.ts';
import { gatherTexts, time, type WrittenText, wholeCount } from './alarm-flags.ts';

export interface AlarmsFlags extends PlaceFlags {
  readonly output: 'table' | 'json';
  readonly follow?: boolean;
}

export interface SendAlarmFlags extends SourceFlags {
  readonly label?: readonly WrittenText[];
  readonly annotation?: readonly WrittenText[];
  readonly resolved?: boolean;
  readonly count?: number;
}

export interface SimulateFlags {
  readonly filename: readonly string[];
  readonly events: string;
  readonly namespace: string;
  readonly rule?: string;
  readonly until?: number;
  readonly output: 'table' | 'json' | 'eml';
}

/** `relaykeeper alarms`: what fires and what it waits for; a test alarm; what a recorded stream would have mailed. */
export function alarmsCommand(io: Io, done: (exitCode: number) => void): Command {
  const alarms = new Command('alarms')
    .description('Show the groups of alarms that are active, when they were told, and what each waits for.')
    .argument('[policy]', 'only the rules of this NotificationPolicy: NAME or NAMESPACE/NAME')
    .option('--follow', 'go on, and print a line for each change');
  return withSourceFlags(alarms, ['table', 'json'])
    .addHelpText('after', '\nExit code: 0 shown, 1 some could not be looked at, 2 unusable arguments.')
    .action(async (policy: string | undefined, flags: AlarmsFlags) => {
      const { showAlarms } = await import('./show-alarms.ts');
      done(await showAlarms(policy, flags, io));
    })
    .addCommand(sendCommand(io, done))
    .addCommand(simulateCommand(io, done));
}

function sendCommand(io: Io, done: (exitCode: number) => void): Command {
  const send = new Command('send')
    .description('Fire a test alarm: the operator takes it as if it had come by the webhook.')
    .argument('<policy>', 'NAMESPACE/NAME of a NotificationPolicy')
    .argument('<alarm>', 'one of its alarm rules')
    .option('--label <name=value>', 'a label, such as severity=critical (may be repeated)', gatherTexts)
    .option('--annotation <name=value>', 'an annotation, such as summary="Disk full" (may be repeated)', gatherTexts)
    .option('--resolved', 'it is over: ends the alarm of the same labels')
    .option('--count <number>', 'how often it happened', wholeCount);
  return withSourceFlags(send)
    .addHelpText('after', '\nExit code: 0 the alarm is kept and will be taken, 1 not, 2 unusable arguments.')
    .action(async (policy: string, alarm: string, flags: SendAlarmFlags) => {
      const { sendAlarm } = await import('./send-alarm.ts');
      done(await sendAlarm({ policy, alarm }, flags, io));
    });
}

function simulateCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('simulate')
    .description('Show which mails a recorded stream of alarms would have made. Sends nothing.')
    .requiredOption(
      '-f, --filename <path>',
      'the policies, and what stands beside them: a manifest, a directory or - for standard input (may be repeated)',
      gather,
    )
    .requiredOption(
      '--events <file>',
      'JSON lines such as {"at": TIME, "alarm": {…}}, webhook bodies, or Events (kubectl get events -o json)',
    )
    .option('-n, --namespace <name>', 'the namespace of objects that name none', 'default')
    .option('--rule <name>', 'only this alarm rule')
    .option('--until <time>', 'up to then, in RFC 3339 (default: until all that came was told, or had to wait)', time)
    .addOption(
      new Option('-o, --output <format>', 'what is printed; eml is the messages as they would be sent, as a mailbox')
        .choices(['table', 'json', 'eml'])
        .default('table'),
    )
    .addHelpText('after', '\nExit code: 0 simulated, 1 a mail could not be made, 2 unusable arguments.')
    .action(async (flags: SimulateFlags) => {
      const { simulateAlarms } = await import('./simulate-alarms.ts');
      done(await simulateAlarms(flags, io));
    });
}
