// The reference of the command line: the very help of each command, 100 columns wide.
import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';

export function cliPage(): string {
  const program = createProgram({ stdout: silent, stderr: silent, stdin: process.stdin, env: {} }, () => undefined);
  const all = withInner(program, []);
  return `<!-- Generated from the commands' own help by \`npm run generate\`; do not edit. -->
# The command line

\`npx relaykeeper\` in a checkout; \`relaykeeper\` below. Exit codes: 0 all is well, 1 something is not, 2 the arguments cannot be used.

${all.map(({ path }) => `- [${path}](#${path.replaceAll(' ', '-')})`).join('\n')}

${all.map(({ path, command }) => `## ${path}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``).join('\n\n')}
`;
}

interface Named {
  readonly path: string;
  readonly command: Command;
}

function withInner(command: Command, parents: readonly string[]): Named[] {
  const path = [...parents, command.name()];
  return [{ path: path.join(' '), command }, ...command.commands.flatMap((inner) => withInner(inner, path))];
}

function helpOf(command: Command): string {
  let text = '';
  const write = (part: string) => {
    text += part;
  };
  command.configureOutput({ writeOut: write, getOutHelpWidth: () => 100, getOutHasColors: () => false }).outputHelp();
  return text.trim();
}

const silent = process.stderr;
