import { Argument, Command } from 'commander';
import { exitCodes, type Io } from '../io.ts';

type Shell = 'bash' | 'zsh' | 'fish';

/** `relaykeeper completion SHELL`: the script that completes this very program's commands. */
export function completionCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('completion');
  return command
    .description('Print the script that completes commands, options and their values in a shell.')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', `\n${installation}`)
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion-script.ts');
      io.stdout.write(completionScript(shell, command.parent ?? command));
      done(exitCodes.succeeded);
    });
}

const installation = `In this shell:
  bash  source <(relaykeeper completion bash)
  zsh   source <(relaykeeper completion zsh)
  fish  relaykeeper completion fish | source
For every one to come:
  bash  relaykeeper completion bash > ~/.local/share/bash-completion/completions/relaykeeper
  zsh   relaykeeper completion zsh > "\${fpath[1]}/_relaykeeper"
  fish  relaykeeper completion fish > ~/.config/fish/completions/relaykeeper.fish`;
