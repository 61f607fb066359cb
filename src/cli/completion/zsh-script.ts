// Completion for zsh 5 and newer, by its own `_arguments`.
import type { CompletedCommand, CompletedOption, Value } from './completed-commands.ts';

export function zshScript(commands: readonly CompletedCommand[]): string {
  return `#compdef relaykeeper
# zsh completion for relaykeeper; made by: relaykeeper completion zsh

${commands.map(commandFunction).join('\n\n')}

# Loaded by the completion system as the function itself, or sourced by hand.
if [ "\${funcstack[1]}" = _relaykeeper ]; then
  _relaykeeper "$@"
else
  compdef _relaykeeper relaykeeper
fi
`;
}

function commandFunction(command: CompletedCommand): string {
  const specs = command.options.flatMap(optionSpecs);
  return command.subcommands.length > 0 ? branching(command, specs) : leaf(command, specs);
}

function leaf({ path, values }: CompletedCommand, specs: readonly string[]): string {
  // Where only the user knows nothing is said: a place with a message keeps zsh from completing an option there.
  const places = values.flatMap((value, index) => {
    if (value.kind === 'text') return [];
    const place = index === values.length - 1 ? '*' : String(index + 1);
    return [quoted(`${place}:argument:${action(value)}`)];
  });
  return `${functionName(path)}() {
  _arguments \\
    ${[...specs, ...places].join(' \\\n    ')}
}`;
}

/** What has commands inside: after the name of one, that one goes on. */
function branching({ path, subcommands }: CompletedCommand, specs: readonly string[]): string {
  const described = subcommands.map(({ name, description }) => quoted(`${name}:${description}`));
  const inside = subcommands.filter(({ name }) => name !== 'help');
  const cases = inside.map(({ name }) => `        ${name}) ${functionName(`${path} ${name}`.trim())} ;;`);
  return `${functionName(path)}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands
  _arguments -C \\
    ${[...specs, quoted('1: :->command'), quoted('*:: :->rest')].join(' \\\n    ')}
  case $state in
    command)
      commands=(
        ${described.join('\n        ')}
      )
      _describe command commands
      ;;
    rest)
      case $line[1] in
${cases.join('\n')}
      esac
      ;;
  esac
}`;
}

function optionSpecs({ names, description, value }: CompletedOption): string[] {
  const taken = value === undefined ? '' : `:value:${action(value)}`;
  const text = description.replace(/[[\]\\]/g, '\\$&');
  return names.map((name) => quoted(`*${name}${value && name.startsWith('--') ? '=' : ''}[${text}]${taken}`));
}

function action(value: Value): string {
  switch (value.kind) {
    case 'choices':
      return `(${value.choices.join(' ')})`;
    case 'files':
      return '_files';
    case 'directories':
      return '_files -/';
    case 'text':
      return ' ';
  }
}

function functionName(path: string): string {
  return ['_relaykeeper', ...path.split(' ').filter((part) => part !== '')].join('_').replaceAll('-', '_');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
