import { Command, Option } from 'commander';
import type { Io } from './io.ts';
import { gather } from './parse-flag.ts';
import { type SourceFlags, withSourceFlags } from './source-flags.ts';

export interface PreviewFlags extends SourceFlags {
  readonly filename?: readonly string[];
  readonly format: 'html' | 'text' | 'eml';
  readonly subject?: string;
  readonly locale?: string;
  readonly reset?: boolean;
  readonly part: 'Main' | 'Password';
}

/** `relaykeeper preview`: how a rule's mail reads. */
export function previewCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('preview')
    .description('Show how the mail of a rule reads, with samples or for a real subject. Sends nothing.')
    .argument('<policy>', 'a NotificationPolicy: of the manifests with -f, else of the directory or cluster')
    .argument('<rule>', 'one of its rules; where two have the name, credentials/NAME or reminders/NAME')
    .option(
      '-f, --filename <path>',
      'take the policy from this manifest, file, directory or - for standard input (may be repeated)',
      gather,
    )
    .addOption(
      new Option('--format <format>', 'which part is shown; eml is the whole message as it would be sent')
        .choices(['text', 'html', 'eml'])
        .default('text'),
    )
    .option('--subject <name>', 'for this account, certificate or other subject, its password shown as ********')
    .option('--locale <locale>', 'in this language, such as de (default: the one of the subject, else English)')
    .option('--reset', 'of a credentials rule: the mail for a changed password')
    .addOption(
      new Option('--part <part>', 'of a credentials rule with SeparateMail: which of its two mails')
        .choices(['Main', 'Password'])
        .default('Main'),
    );
  return withSourceFlags(command)
    .addHelpText('after', '\nExit code: 0 shown, 1 cannot be rendered, 2 unusable arguments.')
    .action(async (policy: string, rule: string, flags: PreviewFlags) => {
      const { preview } = await import('./preview.ts');
      done(await preview({ policy, rule }, flags, io));
    });
}
