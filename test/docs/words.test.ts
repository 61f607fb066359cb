// What pages say of commands, options, fields and reasons is there in the program and in the CRDs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reasons } from '../../src/api/reasons.ts';
import { policySchema, relaySchema, type Schema } from '../../src/api/schema.ts';
import { type CompletedCommand, completedCommands } from '../../src/cli/completion/completed-commands.ts';
import { createProgram } from '../../src/cli/program.ts';
import { commandsIn, type Page, pages, quotedIn, root } from './pages.ts';

const io = { stdout: process.stdout, stderr: process.stderr, stdin: process.stdin, env: {} };
const program = completedCommands(createProgram(io, () => undefined));
const byPath = new Map(program.map((command) => [command.path, command]));
const allOptions = new Set(program.flatMap(optionsOf));

/** The text of all sources, where every such word is a literal. */
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
  .join('\n');

function optionsOf({ options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ names }) => names);
}

interface Call {
  readonly page: string;
  readonly line: string;
}

/** Of this program, in the shell blocks of all pages. */
const calls: readonly Call[] = pages.flatMap((page) =>
  commandsIn(page)
    .filter((line) => /^(?:npx )?relaykeeper /.test(line))
    .map((line) => ({ page: page.path, line })),
);

test.each(calls)('$page: $line', ({ line }) => {
  const words =
    line
      .replace(/^npx /, '')
      .split(/ [|>] /)[0]
      ?.match(/"[^"]*"|\S+/g) ?? [];
  const [, first = '', second = ''] = words;
  const command = byPath.get(`${first} ${second}`) ?? byPath.get(first);
  expect(command).toBeDefined();
  const given = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''));
  expect(given.filter((option) => command && !optionsOf(command).includes(option))).toEqual([]);
});

test('there are such calls', () => {
  expect(calls.length).toBeGreaterThan(30);
});

/** Options of other programs that pages speak of. */
const foreign =
  /^--(?:set|take-ownership|server-side|dry-run|build-arg|feature-gates|no-hooks|reuse-values|reset-then-reuse-values)$/;

test('options in the text are there', () => {
  const unknown = said(/^--[a-z][a-z-]*(?![a-z-]|…)/, (option) => allOptions.has(option) || foreign.test(option));
  expect(unknown).toEqual([]);
});

test('fields in the text are there, of one kind or the other', () => {
  const schemas = [relaySchema, policySchema];
  const unknown = said(/^(?:spec|status)(?:\.[a-zA-Z0-9]+(?:\[\w*\])?)+/, (path) =>
    schemas.some((schema) => hasField(schema, path.replace(/\[\w*\]/g, '[]'))),
  );
  expect(unknown).toEqual([]);
});

test('reasons, conditions, modes and outcomes in the text are words of the program', () => {
  const words = new Set(sources.match(/(?<=')[A-Z][a-z]+[A-Z]\w*(?=')/g));
  const known = (word: string) => words.has(word) || Object.hasOwn(reasons, word);
  expect(said(/^[A-Z][a-z]+[A-Z]\w*$/, known)).toEqual([]);
});

test('docs/troubleshooting.md has a section for each reason, and none besides', () => {
  const page = pages.find(({ path }) => path === 'docs/troubleshooting.md');
  const headings = [...(page?.text ?? '').matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading);
  expect(headings.sort()).toEqual(Object.keys(reasons).sort());
});

/** What is said in backquotes, begins like this, and is not known. */
function said(pattern: RegExp, known: (text: string) => boolean): string[] {
  const found = (page: Page) =>
    quotedIn(page).flatMap((text) => {
      const [word] = pattern.exec(text) ?? [];
      return word === undefined || known(word) ? [] : [`${page.path}: ${word}`];
    });
  return pages.flatMap(found);
}

function hasField(schema: Schema, path: string): boolean {
  const found = path.split('.').reduce<Schema | undefined>((at, part) => {
    const field = at?.properties?.[part.replace('[]', '')] ?? at?.items?.properties?.[part.replace('[]', '')];
    return part.endsWith('[]') ? field?.items : field;
  }, schema);
  return found !== undefined;
}
