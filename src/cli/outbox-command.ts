import { Command } from 'commander';
import type { Io } from './io.ts';
import { type SourceFlags, withSourceFlags } from './source-flags.ts';

export interface OutboxFlags extends SourceFlags {
  readonly showAddresses?: boolean;
  readonly body?: boolean;
  readonly showConfidential?: boolean;
  readonly reason?: string;
}

/** `relaykeeper outbox`: messages on their way, and those that did not get there. */
export function outboxCommand(io: Io, done: (exitCode: number) => void): Command {
  const outbox = new Command('outbox').description('Look at the messages that wait or are dead; try or drop one.');
  const withCommonFlags = (command: Command) =>
    withSourceFlags(command)
      .option('--show-addresses', 'show the local parts of addresses, which are masked otherwise')
      .addHelpText('after', '\nExit code: 0 done, 1 not done, 2 unusable arguments.');
  const add = (command: Command, act: (id: string | undefined, flags: OutboxFlags) => Promise<number>) =>
    outbox.addCommand(
      withCommonFlags(command).action(async (...given: readonly unknown[]) => {
        const [id, flags] = given.length === 2 ? [undefined, given[0]] : [String(given[0]), given[1]];
        done(await act(id, flags as OutboxFlags));
      }),
    );
  const load = () => import('./outbox.ts');
  add(new Command('list').description('List the messages, the oldest first.'), async (_, flags) =>
    (await load()).listOutbox(flags, io),
  );
  add(
    message('show', 'Show one message: what, to whom, and what its last try came to.')
      .option('--body', 'its raw text too; without this it is redacted')
      .option('--show-confidential', 'with --body: also of a message that holds a password'),
    async (id = '', flags) => (await load()).showMessage(id, flags, io),
  );
  add(message('retry', 'Try a waiting or dead message at once.'), async (id = '', flags) =>
    (await load()).changeMessage({ id, kind: 'retry' }, flags, io),
  );
  add(
    message('drop', 'Take a message out: it is not sent.').option(
      '--reason <text>',
      'why, for the event on its policy and for `explain`',
    ),
    async (id = '', flags) => (await load()).changeMessage({ id, kind: 'drop' }, flags, io),
  );
  return outbox;
}

function message(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<id>', 'the id that `outbox list` shows, or so much of it that it is the only one');
}
