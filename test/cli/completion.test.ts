// The scripts in real shells: what a user gets for the words before the cursor. Where zsh and fish cannot be had their tests
// are skipped, which is said.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completedCommands } from '../../src/cli/completion/completed-commands.ts';
import { completionScript } from '../../src/cli/completion/completion-script.ts';
import { createProgram } from '../../src/cli/program.ts';
import { run } from '../control-plane/run.ts';
import { debianPackages } from '../servers/debian-packages.ts';
import { relaykeeper } from './from-sources.ts';

const io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: process.env };
const program = createProgram(io, () => undefined);
const commands = completedCommands(program);
const others = await debianPackages(['zsh', 'fish']);
if (others.kind === 'missing') process.stderr.write(`completion: ${others.why}\n`);

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'relaykeeper-completion-'));
  for (const shell of ['bash', 'zsh', 'fish'] as const) {
    await writeFile(join(directory, shell), completionScript(shell, program));
  }
  await writeFile(join(directory, 'a manifest.yaml'), '');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function succeeded(command: string, args: readonly string[]): Promise<string> {
  // A terminal of a kind that a shell can draw on, and nothing that this process was told.
  const env = { PATH: process.env.PATH, HOME: directory, TERM: 'xterm' };
  const { code, stdout, stderr } = await run(command, args, { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const optionsOf = (path: string) => commands.find((one) => one.path === path)?.options.flatMap(({ names }) => names);

describe('bash', () => {
  /** The last word is the one that is being written. */
  const offered = async (...words: readonly string[]) => {
    const script = [
      `source '${directory}/bash'`,
      `cd '${directory}'`,
      'COMP_WORDS=("$@")',
      'COMP_CWORD=$(($# - 1))',
      // As complete -F calls it; compopt complains of being called outside of a completion.
      '_relaykeeper',
      `printf '%s\\n' "\${COMPREPLY[@]}"`,
    ].join('\n');
    const out = await succeeded('bash', ['--norc', '-u', '-c', script, 'relaykeeper', ...words]);
    return out.split('\n').filter((line) => line !== '');
  };

  test('its script is registered for the program', async () => {
    const out = await succeeded('bash', ['--norc', '-c', `source '${directory}/bash'; complete -p relaykeeper`]);
    expect(out).toBe('complete -F _relaykeeper relaykeeper\n');
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['a command from its first letters', ['relaykeeper', 'val'], ['validate']],
    ['all that begin so', ['relaykeeper', 'ver'], ['version']],
    ['a command inside another', ['relaykeeper', 'alarms', 'si'], ['simulate']],
    [
      'the options of a command',
      ['relaykeeper', 'run', '--webhook'],
      ['--webhook-listen', '--webhook-tls-cert', '--webhook-tls-key'],
    ],
    ['the options of a command inside another', ['relaykeeper', 'alarms', 'send', '--lab'], ['--label']],
    ['the choices of an option', ['relaykeeper', 'run', '--secret-access', 'Na'], ['Namespaces', 'Named']],
    ['the choices of a short option', ['relaykeeper', 'validate', '-o', ''], ['text', 'json']],
    ['the choices after =, which bash makes a word of its own', ['relaykeeper', 'run', '--output', '=', 'j'], ['json']],
    ['the choices right after =', ['relaykeeper', 'run', '--output', '='], ['table', 'json']],
    ['files where a file is wanted, with spaces too', ['relaykeeper', 'probe', '-f', 'a'], ['a manifest.yaml']],
    [
      'files as the arguments of validate, however many',
      ['relaykeeper', 'validate', 'one', 'two', 'a'],
      ['a manifest.yaml'],
    ],
    ['the choices of an argument', ['relaykeeper', 'completion', ''], ['bash', 'zsh', 'fish']],
    ['nothing where only the user knows', ['relaykeeper', 'run', '--identity', ''], []],
    [
      'a value that is named like a command for a value',
      ['relaykeeper', 'run', '--identity', 'probe', '--onc'],
      ['--once'],
    ],
    ['no files where there are no arguments', ['relaykeeper', 'run', ''], []],
  ])('offers %s', async (_name, words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  test('offers every option of every command, and nothing else', async () => {
    for (const { path } of commands) {
      const words = ['relaykeeper', ...path.split(' ').filter((part) => part !== ''), '-'];
      expect(await offered(...words), path).toEqual(optionsOf(path));
    }
  });
});

describe.skipIf(others.kind === 'missing')('fish', () => {
  const offered = async (line: string) => {
    const script = `cd '${directory}'; source fish; complete -C '${line}'`;
    const out = await succeeded('fish', ['--no-config', '-c', script]);
    return out.split('\n').flatMap((each) => (each === '' ? [] : [each.split('\t')[0]]));
  };

  test.each([
    ['a command from its first letters', 'relaykeeper val', ['validate']],
    ['a command inside another', 'relaykeeper alarms si', ['simulate']],
    ['options', 'relaykeeper alarms send --lab', ['--label']],
    ['choices', 'relaykeeper run --secret-access Name', ['Named', 'Namespaces']],
    ['files', 'relaykeeper probe -f a', ['a manifest.yaml']],
    ['the choices of an argument', 'relaykeeper completion z', ['zsh']],
    ['a value that is named like a command for a value', 'relaykeeper run --identity probe --onc', ['--once']],
    ['no files where there are no arguments', 'relaykeeper run a', []],
  ])('offers %s', async (_name, line, expected) => {
    expect(await offered(line)).toEqual(expected);
  });
});

describe.skipIf(others.kind === 'missing')('zsh', () => {
  /** Types each line in a shell on a terminal, with a Tab at its end; gives what stands there then, up to its last space or =. */
  const completed = async (lines: readonly string[]) => {
    const typed = lines.flatMap((line, index) => [
      // Ctrl-A and Ctrl-E: to the line's start and end, so that what was completed becomes the argument of print.
      `zpty -n -w shell $'${line}\\t\\x01print -r -- "${index}<\\x05>"\\n'`,
      `zpty -r shell out $'*\\n${index}<*>*'`,
      'print -r -- "$out"',
    ]);
    const script = [
      'zmodload zsh/zpty',
      'zpty shell zsh -f -i',
      `zpty -w shell "cd '${directory}'; autoload -Uz compinit; compinit -u -D; source ./zsh; bindkey '^I' complete-word; print REA''DY"`,
      `zpty -r shell out '*READY*'`,
      ...typed,
      'zpty -d shell',
    ];
    const out = await succeeded('zsh', ['-f', '-c', script.join('\n')]);
    return lines.map((_, index) => new RegExp(`^${index}<(.*)>\\r?$`, 'm').exec(out)?.[1]);
  };

  test('completes commands, options, choices and files', async () => {
    const cases: readonly (readonly [string, string])[] = [
      ['relaykeeper val', 'relaykeeper validate'],
      ['relaykeeper alarms sim', 'relaykeeper alarms simulate'],
      ['relaykeeper alarms send --lab', 'relaykeeper alarms send --label'],
      ['relaykeeper run --secret-access Cl', 'relaykeeper run --secret-access Cluster'],
      ['relaykeeper completion f', 'relaykeeper completion fish'],
      ['relaykeeper probe -f a', 'relaykeeper probe -f a\\ manifest.yaml'],
      ['relaykeeper validate one a', 'relaykeeper validate one a\\ manifest.yaml'],
      ['relaykeeper send-te', 'relaykeeper send-test'],
    ];
    const lines = cases.map(([line]) => line);
    expect(await completed(lines)).toEqual(cases.map(([, expected]) => expected));
  }, 60_000);

  test('reads the whole script', async () => {
    await succeeded('zsh', ['-f', '-n', join(directory, 'zsh')]);
  });
});

test('another shell is refused, and those that there are are named', async () => {
  const { code, stderr } = await relaykeeper('completion', 'powershell');
  expect(code).toBe(2);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish.');
});

test('the command prints the script of the program that it is', async () => {
  const { code, stdout } = await relaykeeper('completion', 'bash');
  expect({ code, stdout }).toEqual({ code: 0, stdout: completionScript('bash', program) });
});
