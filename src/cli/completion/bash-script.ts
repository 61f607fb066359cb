// Completion for bash 3.2 and newer, without the package bash-completion.
import type { CompletedCommand, CompletedOption, Value } from './completed-commands.ts';

export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# bash completion for relaykeeper; made by: relaykeeper completion bash

# What comes after an option: sets $value.
_relaykeeper_value() {
  case "$1:$2" in
${commands.flatMap(valueCases).join('\n')}
    *) value='' ;;
  esac
}

# What a command takes: sets $subcommands, $options and $arguments.
_relaykeeper_command() {
  case "$1" in
${commands.map(commandCase).join('\n')}
  esac
}

_relaykeeper_offer() {
  case "$1" in
    files) COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null ;;
    directories) COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2>/dev/null ;;
    text | '') COMPREPLY=() ;;
    *) COMPREPLY=($(compgen -W "$1" -- "$current")) ;;
  esac
}

_relaykeeper() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' value='' before='' word place=0 i
  local subcommands options arguments
  local IFS=$' \\n'
  COMPREPLY=()
  _relaykeeper_command ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [ "$word" = '=' ]; then continue; fi
    if [ -n "$value" ]; then value=''; continue; fi
    case "$word" in
      -*) _relaykeeper_value "$path" "$word"; continue ;;
    esac
    case " $subcommands " in
      *" $word "*) path="\${path:+$path }$word"; place=0; _relaykeeper_command "$path" ;;
      *) place=$((place + 1)) ;;
    esac
  done
  if [ "$current" = '=' ]; then current=''; fi
  # Files may have spaces in their names.
  if [ "$value" = files ] || [ "$value" = directories ]; then IFS=$'\\n'; fi
  if [ -n "$value" ]; then _relaykeeper_offer "$value"; return; fi
  case "$current" in
    -*) _relaykeeper_offer "$options"; return ;;
  esac
  if [ "$place" -eq 0 ] && [ -n "$subcommands" ]; then _relaykeeper_offer "$subcommands"; return; fi
  set -f
  local IFS=';'
  set -- $arguments
  set +f
  # The last place may be taken many times.
  if [ "$#" -gt 0 ]; then
    if [ "$place" -ge "$#" ]; then place=$(($# - 1)); fi
    shift "$place"
    IFS=$' \\n'
    if [ "$1" = files ] || [ "$1" = directories ]; then IFS=$'\\n'; fi
    _relaykeeper_offer "$1"
  fi
}

complete -F _relaykeeper relaykeeper
`;
}

function valueCases({ path, options }: CompletedCommand): string[] {
  return options.flatMap(({ names, value }) =>
    value ? [`    ${names.map((name) => `'${path}:${name}'`).join(' | ')}) value='${words(value)}' ;;`] : [],
  );
}

function commandCase({ path, subcommands, options, values }: CompletedCommand): string {
  const sets = [
    `subcommands='${subcommands.map(({ name }) => name).join(' ')}'`,
    `options='${options.flatMap(({ names }: CompletedOption) => names).join(' ')}'`,
    `arguments='${values.map(words).join(';')}'`,
  ];
  return `    '${path}') ${sets.join(' ')} ;;`;
}

/** Choices are plain words. */
function words(value: Value): string {
  return value.kind === 'choices' ? value.choices.join(' ') : value.kind;
}
