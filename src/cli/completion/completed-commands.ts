// What a shell completes, read from the very commands that the program runs: names, options, and what their values are.
import type { Argument, Command, Option } from 'commander';

export type Value =
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'directories' }
  /** Only the user knows. */
  | { readonly kind: 'text' };

export interface CompletedOption {
  /** `-o` and `--output`. */
  readonly names: readonly string[];
  readonly description: string;
  /** Undefined: it takes none. */
  readonly value: Value | undefined;
}

export interface CompletedCommand {
  /** `alarms send`; empty for the program itself. */
  readonly path: string;
  readonly description: string;
  readonly subcommands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletedOption[];
  /** One a place; of the last there may be any number where it is variadic. */
  readonly values: readonly Value[];
}

/** The program and all its commands, each before those inside it. */
export function completedCommands(command: Command, path: readonly string[] = []): readonly CompletedCommand[] {
  const help = command.createHelp();
  const inner = help.visibleCommands(command);
  const own: CompletedCommand = {
    path: path.join(' '),
    description: help.commandDescription(command),
    subcommands: inner.map((one) => ({ name: one.name(), description: help.subcommandDescription(one) })),
    options: help.visibleOptions(command).map(completedOption),
    values: command.registeredArguments.map(argumentValue),
  };
  // The implicit `help` takes names of commands, and is itself no command that has anything inside.
  return [own, ...command.commands.flatMap((one) => completedCommands(one, [...path, one.name()]))];
}

function completedOption(option: Option): CompletedOption {
  const names = [option.short, option.long].filter((name) => name !== undefined);
  const takesValue = option.required || option.optional;
  const value = takesValue ? valueBy(option.argChoices, /<(.*)>/.exec(option.flags)?.[1] ?? '') : undefined;
  return { names, description: option.description, value };
}

function argumentValue(argument: Argument): Value {
  return valueBy(argument.argChoices, argument.name());
}

/** By the placeholder that the help shows. */
function valueBy(choices: readonly string[] | undefined, placeholder: string): Value {
  if (choices) return { kind: 'choices', choices };
  if (placeholder === 'file' || placeholder === 'path') return { kind: 'files' };
  if (placeholder === 'dir') return { kind: 'directories' };
  return { kind: 'text' };
}
