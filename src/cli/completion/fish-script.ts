// Completion for fish 3.1 and newer.
import type { CompletedCommand, CompletedOption, Value } from './completed-commands.ts';

export function fishScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.map(({ path }) => path).filter((path) => path !== '');
  const valued = commands.flatMap(({ path, options }) =>
    options.flatMap(({ names, value }) => (value ? names.map((name) => `${path}:${name}`) : [])),
  );
  return `# fish completion for relaykeeper; made by: relaykeeper completion fish

# The command that the words before the cursor have come to, such as "alarms send".
function __relaykeeper_path
    set -l paths ${paths.map(quoted).join(' ')}
    set -l valued ${valued.map(quoted).join(' ')}
    set -l path ''
    set -l skips no
    for word in (commandline -opc)[2..-1]
        if test $skips = yes
            set skips no
        else if string match -q -- '-*' $word
            contains -- "$path:$word" $valued; and set skips yes
        else if contains -- (string trim -- "$path $word") $paths
            set path (string trim -- "$path $word")
        end
    end
    echo $path
end

function __relaykeeper_is
    test (__relaykeeper_path) = "$argv"
end

complete -c relaykeeper -e
complete -c relaykeeper -f
${commands.flatMap(completions).join('\n')}
`;
}

function completions({ path, subcommands, options, values }: CompletedCommand): string[] {
  const base = `complete -c relaykeeper -n ${quoted(`__relaykeeper_is ${doubleQuoted(path)}`)}`;
  const taken = [...new Set(values.map(offered).filter((each) => each !== ''))];
  return [
    ...subcommands.map(({ name, description }) => `${base} -a ${quoted(name)} -d ${quoted(description)}`),
    ...options.map((option) => `${base} ${optionFlags(option)} -d ${quoted(option.description)}`),
    ...taken.map((what) => `${base} ${what}`),
  ];
}

function optionFlags({ names, value }: CompletedOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  if (!value) return flags.join(' ');
  // -r: it takes a value; -x: and no file name is one.
  return [...flags, value.kind === 'files' ? '-r -F' : `-x ${offered(value)}`].join(' ').trim();
}

function offered(value: Value): string {
  switch (value.kind) {
    case 'choices':
      return `-a ${quoted(value.choices.join(' '))}`;
    case 'files':
      return '-F';
    case 'directories':
      return "-a '(__fish_complete_directories)'";
    case 'text':
      return '';
  }
}

function doubleQuoted(text: string): string {
  return `"${text}"`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
