// The script for a shell, from the commands as they are.
import type { Command } from 'commander';
import { bashScript } from './bash-script.ts';
import { completedCommands } from './completed-commands.ts';
import { fishScript } from './fish-script.ts';
import { zshScript } from './zsh-script.ts';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export function completionScript(shell: keyof typeof scripts, program: Command): string {
  return scripts[shell](completedCommands(program));
}
