import { Command } from 'commander';
import type { Io } from './io.ts';
import { type SourceFlags, withSourceFlags } from './source-flags.ts';

export interface SendTestFlags extends SourceFlags {
  readonly to: string;
  readonly rule?: string;
  readonly locale?: string;
  readonly ehloName?: string;
}

/** `relaykeeper send-test`: the "Send Test Email" of an admin page. */
export function sendTestCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('send-test')
    .description("Send a rule's mail with samples through the policy's relay now, from here, and print the reply.")
    .argument('<policy>', 'a NotificationPolicy')
    .requiredOption('--to <address>', 'who gets it; what spec.allowedRecipientDomains of the relay allows')
    .option('--rule <name>', 'the rule (default: the first)')
    .option('--locale <locale>', 'in this language, such as de (default: English)')
    .option('--ehlo-name <name>', 'the name given in EHLO where the relay names none');
  return withSourceFlags(command)
    .addHelpText('after', '\nExit code: 0 accepted by the server, 1 not, 2 unusable arguments.')
    .action(async (policy: string, flags: SendTestFlags) => {
      const { sendTest } = await import('./send-test.ts');
      done(await sendTest(policy, flags, io));
    });
}
